"""Typed access: the right type comes back, everything else raises with its place."""

from typing import Any

import pytest

from policies.graph import MalformedError, Resource, UnresolvedError
from policies.graph.terraform_json import load_document


def resource(values: dict[str, Any], **others: Any) -> Resource:
    """`aws_x.a` with these values, in a stack with other top-level blocks."""
    document = {"resource": {"aws_x": {"a": values}, "aws_y": {"b": {"name": "bee", "count_of": 4}}}, **others}
    return load_document(document).resources["aws_x.a"]


LOCALS = {"locals": {"n": "${local.m}", "m": "em", "k": 5, "list": ["a", "b"], "loop": "${local.loop}"}}
VARIABLES = {"variable": {"v": {"default": "vee"}, "w": {}}}

TEXTS = [
    ("plain", "plain"),
    ("", None),
    (None, None),
    (5, "5"),
    (True, "true"),
    ("$${x}", "${x}"),
    ("${local.n}", "em"),
    ("x-${local.n}", "x-em"),
    ("x-${local.k}", "x-5"),
    ("${var.v}", "vee"),
    ("${aws_y.b.name}!", "bee!"),
    ("${aws_y.b.count_of}", "4"),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_a_text_is_read_through_what_is_known(value: Any, text: str | None) -> None:
    assert resource({"t": value}, **LOCALS, **VARIABLES).text("t") == text


UNKNOWN = [
    "${aws_y.b.arn}",
    "${var.w}",
    "${local.nothing}",
    "${upper(local.n)}",
    "${each.key}",
    "${local.loop}",
    "%{if x}y%{endif}",
]


@pytest.mark.parametrize("value", UNKNOWN)
def test_a_text_that_cannot_be_known_is_unresolved(value: str) -> None:
    with pytest.raises(UnresolvedError) as raised:
        resource({"t": value}, **LOCALS, **VARIABLES).text("t")
    assert (raised.value.address, raised.value.attribute) == ("aws_x.a", "t")


ACCESSORS = ["text", "number", "boolean", "items", "texts", "table", "blocks", "block"]
WRONG: dict[str, list[Any]] = {
    "text": [[], ["a"], {"a": 1}, "${broken"],
    "number": ["x", True, [], {}, "1e", "${broken"],
    "boolean": ["yes", 1, [], {}],
    "items": ["a", 1, {"a": 1}, True],
    "texts": [[1], [["a"]], "a", [None]],
    "table": ["a", 1, [1], [{}, {}]],
    "blocks": ["a", 1, ["a"], [None]],
    "block": ["a", [{}, {}]],
}


@pytest.mark.parametrize(("accessor", "value"), [(a, v) for a, values in WRONG.items() for v in values])
def test_a_wrong_type_is_malformed_with_its_place(accessor: str, value: Any) -> None:
    with pytest.raises(MalformedError) as raised:
        getattr(resource({"outer": {"t": value}}), accessor)("outer.t")
    assert raised.value.address == "aws_x.a"
    assert raised.value.attribute.startswith("outer.t")


@pytest.mark.parametrize("accessor", ACCESSORS)
def test_an_absent_value_is_its_empty_form(accessor: str) -> None:
    empty = {"items": (), "texts": (), "table": {}, "blocks": ()}.get(accessor)
    for values in ({}, {"t": None}, {"outer": None}, {"outer": []}):
        assert getattr(resource(values), accessor)("outer.t") == empty


NUMBERS = [(5, 5), (2.5, 2.5), ("5", 5), ("2.5", 2.5), ("-3", -3), (None, None), ("", None), ("${local.k}", 5)]


@pytest.mark.parametrize(("value", "number"), NUMBERS)
def test_numbers_may_be_written_as_text(value: Any, number: float | None) -> None:
    assert resource({"t": value}, **LOCALS).number("t") == number


@pytest.mark.parametrize(("value", "boolean"), [(True, True), ("false", False), ("true", True), (None, None)])
def test_booleans_may_be_written_as_text(value: Any, boolean: bool | None) -> None:
    assert resource({"t": value}).boolean("t") == boolean


@pytest.mark.parametrize("outer", [{"inner": {"v": 1}}, [{"inner": {"v": 1}}], [{"inner": [{"v": 1}]}]])
def test_paths_go_through_blocks_in_either_form(outer: Any) -> None:
    found = resource({"outer": outer})
    assert found.get("outer.inner.v") == 1
    assert found.get("outer[0].inner[0].v") == 1
    block = found.block("outer")
    assert block is not None
    assert block.get("inner.v") == 1
    assert block.where("inner.v") == "outer[0].inner.v"


def test_a_path_through_one_of_several_blocks_is_malformed() -> None:
    with pytest.raises(MalformedError):
        resource({"outer": [{"v": 1}, {"v": 2}]}).get("outer.v")
    assert list(resource({"outer": [{"v": 1}, {"v": 2}]}).spread("outer.v")) == [1, 2]


def test_a_list_may_be_one_expression() -> None:
    assert resource({"t": "${aws_y.b[*].id}"}).items("t") == ("${aws_y.b[*].id}",)
    assert resource({"t": "${local.list}"}, **LOCALS).texts("t") == ("a", "b")


def test_tags_are_those_of_the_provider_under_those_of_the_resource() -> None:
    provider = {"provider": {"aws": [{"default_tags": [{"tags": {"A": "1", "B": "1"}}]}]}}
    assert resource({"tags": {"B": "2"}}, **provider).tags == {"A": "1", "B": "2"}
    assert resource({}, **provider).tags == {"A": "1", "B": "1"}
    aliased = {"provider": {"aws": [{}, {"alias": "west", "default_tags": {"tags": {"A": "west"}}}]}}
    assert resource({"provider": "aws.west"}, **aliased).tags == {"A": "west"}
    assert resource({"provider": "${aws.west}"}, **aliased).tags == {"A": "west"}
    assert resource({}, **aliased).tags == {}


@pytest.mark.parametrize("tags", ["x", [1], 5])
def test_tags_of_a_wrong_type_are_malformed(tags: Any) -> None:
    with pytest.raises(MalformedError):
        _ = resource({"tags": tags}).tags
    with pytest.raises(MalformedError):
        _ = resource({}, provider={"aws": {"default_tags": tags}}).tags


@pytest.mark.parametrize("value", ["nan", "inf", "-infinity", "1e999", float("inf"), float("nan")])
def test_a_number_is_finite(value: Any) -> None:
    """No comparison with NaN holds, so a limit that it stands at would never be passed."""
    with pytest.raises(MalformedError):
        resource({"n": value}).number("n")
