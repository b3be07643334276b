"""Reports of plans and drift, whatever the plan: the same is no difference, and no value breaks out of its cell."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from delivery.changes.graphs import before_and_after
from delivery.changes.identity import identity_changes
from delivery.changes.markdown import plan_markdown
from delivery.changes.report import describe_plan
from delivery.changes.text import plan_text
from delivery.drift.drift import classify
from delivery.drift.report import drift_markdown, drift_text
from delivery.reporting.markdown import code
from delivery.reporting.plain import plain
from delivery.terraform.differences import differences
from tests.unit.delivery.changes.plans import ROLE, Document, changing, plan, resource

LIMIT = 2_000  # characters: small enough that most examples do not fit
TROUBLE = st.text(alphabet="ab|`\\<>@#*_[]()!&~$-\n\r\t \x1b\u202e\u2028é", max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TROUBLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TROUBLE, inner, max_size=4),
    max_leaves=12,
)
ATTRIBUTES = st.dictionaries(TROUBLE.filter(bool), JSON, max_size=4)
TEXTS = st.lists(st.sampled_from(["s3:GetObject", "s3:PutObject", "kms:Decrypt", "*", "arn:aws:s3:::a/*"]), min_size=1)
STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": TEXTS, "Resource": TEXTS},
        optional={"Sid": st.sampled_from(["A", "B"])},
    ),
    max_size=5,
)


def with_policy(statements: list[Document]) -> list[Document]:
    policy = json.dumps({"Statement": statements})
    return [resource(ROLE, id="t", name="t"), resource("aws_iam_role_policy.p", role="t", name="p", policy=policy)]


@given(ATTRIBUTES)
def test_a_value_does_not_differ_from_itself(value: Document) -> None:
    assert list(differences({"before": value, "after": json.loads(json.dumps(value))})) == []


@given(ATTRIBUTES, ATTRIBUTES)
def test_what_differs_is_found_in_both_directions(one: Document, other: Document) -> None:
    there = {each.path for each in differences({"before": one, "after": other})}
    back = {each.path for each in differences({"before": other, "after": one})}

    assert bool(there) == bool(back)


@given(ATTRIBUTES, ATTRIBUTES)
def test_nothing_of_what_is_sensitive_is_told(before: Document, after: Document) -> None:
    marks = {"before_sensitive": True, "after_sensitive": True}

    assert all(str(each).endswith("(sensitive)") for each in differences({"before": before, "after": after, **marks}))


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_statements_in_another_order_are_no_difference(statements: list[Document], random: Any) -> None:
    turned = [
        {**statement, **{key: random.sample(statement[key], len(statement[key])) for key in ("Action", "Resource")}}
        for statement in random.sample(statements, len(statements))
    ]

    assert identity_changes(*before_and_after(plan(with_policy(statements), with_policy(turned)))) == ()


@given(STATEMENTS, STATEMENTS)
def test_what_is_gained_one_way_is_lost_the_other_way(one: list[Document], other: list[Document]) -> None:
    there = identity_changes(*before_and_after(plan(with_policy(one), with_policy(other))))
    back = identity_changes(*before_and_after(plan(with_policy(other), with_policy(one))))

    assert [_moved(change, 0) for change in there] == [_moved(change, 1) for change in back]


def _moved(change: Any, direction: int) -> tuple[set[Any], set[Any]]:
    """(gained, lost) with the pairs taken apart, seen from one side."""
    olds, news = {pair[0] for pair in change.changed}, {pair[1] for pair in change.changed}
    sides = ({*change.gained, *news}, {*change.lost, *olds})
    return sides if direction == 0 else (sides[1], sides[0])


@given(TROUBLE)
def test_a_value_fills_its_cell_and_no_other(value: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {code(value)} | end |\n\nafter"
    cells = [token.children or [] for token in PARSER.parse(table) if token.type == "inline"]

    assert [[(each.type, each.content) for each in cell] for cell in (*cells[:2], *cells[3:])] == [
        [("text", "a")],
        [("text", "b")],
        [("text", "end")],
        [("text", "after")],
    ]
    [shown] = cells[2]
    if value.strip():
        assert shown.type == "code_inline"
        assert shown.content.replace("\\", "") == plain(value).replace("\\", "")


CHANGES = st.lists(
    st.tuples(TROUBLE, st.sampled_from(["update", "delete", "create"]), ATTRIBUTES, ATTRIBUTES), max_size=9
)


@given(CHANGES, TROUBLE, TROUBLE)
def test_a_plan_as_a_comment_keeps_its_form_and_its_limit(changes: Any, stack: str, verdict: str) -> None:
    items = [changing(name, action, before=before, after=after) for name, action, before, after in changes]
    report = describe_plan(plan(changes=items), stack, passed=True, verdict=verdict)

    _assert_well_formed(plan_markdown(report, LIMIT))
    assert all(line.isprintable() for line in plan_text(report).split("\n"))


@given(CHANGES, st.lists(st.tuples(TROUBLE, TROUBLE), max_size=5), TROUBLE)
def test_drift_as_a_comment_keeps_its_form_and_its_limit(changes: Any, unmanaged: Any, stack: str) -> None:
    items = [changing(name, "update", before=before, after=after) for name, _, before, after in changes]
    drift = classify(plan(resource_drift=items), unmanaged)

    _assert_well_formed(drift_markdown(drift, stack, LIMIT))
    assert all(line.isprintable() for line in drift_text(drift, stack).split("\n"))


PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
OWN_HTML = ("<!-- paygate ", "<details><summary>", "</details>", "<br>")


def _assert_well_formed(text: str) -> None:
    """Within the limit, tables closed; no HTML, link, image or mention that is not our own."""
    assert len(text) <= LIMIT
    for token in PARSER.parse(text):
        if token.type == "html_block":
            assert token.content.startswith(OWN_HTML), token.content
        for inner in token.children or ():
            assert inner.type not in ("link_open", "image", "s_open"), inner
            assert inner.type != "html_inline" or inner.content in OWN_HTML, inner
            assert inner.type != "text" or not any(sign in inner.content for sign in "@#`\\"), inner
    assert text.count("<details>") == text.count("</details>")
