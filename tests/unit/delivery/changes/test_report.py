"""What a reader gets: everything of it, nothing that breaks out of its place, and never too much."""

import json
from typing import Any

import pytest

from delivery.changes.markdown import plan_markdown
from delivery.changes.report import PlanReport, as_json, describe_plan
from delivery.changes.text import plan_text
from tests.unit.delivery.changes.plans import ROLE, TRUST, Document, changing, plan, resource

STACK = "payments-production-pr42"
NASTY = "a|b`c``d\n</details><!-- x --> @security <img src=x> [l](http://e.example) \\| \x1b[31m \u202e"


def report(document: Document, **more: Any) -> PlanReport:
    return describe_plan(document, STACK, **{"passed": True, "verdict": "143 rules, 120 resources", **more})


def full() -> Document:
    role = resource(ROLE, id="task", name="task", assume_role_policy=TRUST)
    return plan(
        [],
        [role],
        [
            changing(ROLE, "create"),
            changing("aws_x.gone", "delete"),
            changing("aws_x.k", "delete", "create", before={"k": 1}, after={"k": 2}, replace_paths=[["k"]]),
            changing("aws_x.s", "update", before={"p": "hush"}, after={"p": "new"}, before_sensitive={"p": True}),
            changing("aws_x.n", "no-op", previous_address="aws_x.o"),
            changing("aws_x.i", "no-op", importing={"id": "i-1"}),
            changing("aws_x.e", "update", before={"a": ""}, after={"a": None}),
        ],
        output_changes={"o": {"actions": ["update"], "before": 1, "after": 2}},
    )


def marked(document: Document) -> Document:
    """`before_sensitive` belongs into the change."""
    for item in document["resource_changes"]:
        if "before_sensitive" in item:
            item["change"]["before_sensitive"] = item.pop("before_sensitive")
    return document


def test_an_empty_plan_says_so() -> None:
    empty = report(plan())

    assert empty.is_empty
    assert "**No changes.** What is deployed is what is asked for." in plan_markdown(empty)
    assert "no changes" in plan_text(empty)
    assert as_json(empty)["empty"] is True
    assert "|" not in plan_markdown(empty)


def test_the_comment_begins_with_the_mark_by_which_it_is_found_again() -> None:
    lines = plan_markdown(report(plan())).splitlines()

    assert lines[0] == f"<!-- paygate plan {STACK} -->"
    assert lines[2] == f"## Plan of `{STACK}`"
    assert lines[4] == "✅ **Gate passed**: `143 rules, 120 resources`"


def test_a_gate_that_failed_is_the_first_thing_to_see() -> None:
    failed = report(plan(), passed=False, verdict="2 findings")

    assert "❌ **Gate failed**: `2 findings`" in plan_markdown(failed)
    assert "gate FAILED (2 findings)" in plan_text(failed)


@pytest.mark.parametrize("render", [plan_markdown, plan_text, lambda found: json.dumps(as_json(found))])
def test_every_form_tells_everything_and_no_secret(render: Any) -> None:
    told = render(report(marked(full())))

    for word in (ROLE, "aws_x.gone", "aws_x.k", "aws_x.s", "aws_x.o", "i-1", "(sensitive)", "sts:AssumeRole"):
        assert word in told, word
    assert "hush" not in told
    assert "form or the order" in told or render not in (plan_markdown, plan_text)


def test_what_cannot_be_told_is_said_loudly() -> None:
    broken = resource("aws_security_group.g", id="sg-1", ingress=[{"protocol": "x"}])
    found = report(plan([broken], [broken]))

    assert "⚠️ **What is permitted cannot be told:**" in plan_markdown(found)
    assert "⚠️ **Who can reach whom cannot be told:**" in plan_markdown(found)
    assert "who can reach whom: cannot be told: " in plan_text(found)


def test_a_plan_of_some_resources_says_so() -> None:
    assert "limited to some resources" in plan_markdown(report(plan(complete=False)))
    assert "limited to some resources" in plan_text(report(plan(complete=False)))


def test_names_cannot_break_out() -> None:
    told = plan_markdown(report(plan(changes=[changing(NASTY, "delete")]), verdict=NASTY))

    assert told.count("\n</details>") == 0
    row = next(line for line in told.splitlines() if line.startswith("| destroyed"))
    assert row.count(" | ") == 2
    assert "```" in row
    assert "\x1b" not in told
    assert "\x1b" not in plan_text(report(plan(changes=[changing(NASTY, "delete")])))
    assert "\u202e" not in told


def test_a_stack_cannot_end_the_comment_that_marks_it() -> None:
    found = describe_plan(plan(), "x --> <script>", passed=True, verdict="")

    assert plan_markdown(found).splitlines()[0] == "<!-- paygate plan x------script- -->"


def test_long_lists_are_folded_and_what_does_not_fit_is_counted() -> None:
    many = report(plan(changes=[changing(f"aws_x.resource-number-{number}", "create") for number in range(3000)]))
    told = plan_markdown(many)

    assert len(told) <= 60_000
    assert "<details><summary>3000 resources</summary>" in told
    assert told.count("<details>") == told.count("</details>") == 1
    shown = told.count("| `aws_x.resource-number-")
    assert f"**Cut here:** {3000 - shown} more rows do not fit" in told
    assert plan_text(many).count("resource-number") == 3000


def test_many_attributes_of_one_resource_are_counted() -> None:
    before, after = ({f"a{number}": number + shift for number in range(20)} for shift in (0, 1))
    told = plan_markdown(report(plan(changes=[changing("aws_x.a", "update", before=before, after=after)])))

    assert "and 12 more attributes" in told


def test_a_statement_that_changed_marks_what_is_new_and_gone() -> None:
    def own(*actions: str) -> Document:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        return resource("aws_iam_role_policy.p", role="task", policy=json.dumps({"Statement": [statement]}))

    role = resource(ROLE, id="task", name="task")
    found = report(plan([role, own("s3:A", "s3:B")], [role, own("s3:B", "s3:C")]))

    assert "Allow `s3:B`, **`+ s3:C`**, **`- s3:A`** on `*`" in plan_markdown(found)
    assert "~ permissions: Allow s3:B, + s3:C, - s3:A on *" in plan_text(found)
