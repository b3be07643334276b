"""What of two values differs: the leaf and not the whole, and never a secret."""

from typing import Any

import pytest

from delivery.terraform.differences import differences
from delivery.terraform.values import Marker, shown

TG = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup"


def found(before: Any, after: Any, **marks: Any) -> list[str]:
    change = {"before": {"a": before}, "after": {"a": after}, **marks}
    return [str(each) for each in differences(change)]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (1, 2, ["a: 1 -> 2"]),
        (1, True, ["a: 1 -> true"]),
        (None, {"b": 1}, ['a: null -> {"b": 1}']),
        ({"b": 1, "c": 2}, {"b": 1, "c": 3}, ["a.c: 2 -> 3"]),
        ({"b": 1}, {}, ["a.b: 1 -> null"]),
        (["x", "y"], ["y", "z"], ['a: ["x"] -> ["z"]']),
        (["x"], ["x", "x"], ['a: [] -> ["x"]']),
        (["x", "y"], ["y", "x"], ['a: ["x", "y"] -> ["y", "x"]']),
        ([{"b": 1}], [{"b": 2}], ["a[0].b: 1 -> 2"]),
        ([{"b": 1}, {"b": 2}], [{"b": 2}, {"b": 1}], []),
        ([{"b": 1}, {"b": 2}], [{"b": 2}], ['a[0]: {"b": 1} -> null']),
        (
            [{"name": "x", "v": 1}, {"name": "y", "v": 1}],
            [{"name": "y", "v": 2}, {"name": "x", "v": 1}],
            ["a[y].v: 1 -> 2"],
        ),
        (
            [{"arn": f"{TG}/blue/1", "weight": 1}, {"arn": f"{TG}/green/2", "weight": 0}],
            [{"arn": f"{TG}/green/2", "weight": 1}, {"arn": f"{TG}/blue/1", "weight": 0}],
            ["a[targetgroup/blue/1].weight: 1 -> 0", "a[targetgroup/green/2].weight: 0 -> 1"],
        ),
        (
            [{"name": "x", "v": 1}, {"name": "x", "v": 2}],
            [{"name": "x", "v": 3}],
            ["a[0].v: 1 -> 3", 'a[1]: {"name": "x", "v": 2} -> null'],
        ),
        ([[1, 2]], [[1, 3]], ["a[0]: [2] -> [3]"]),
        ('{"b": [{"Sid": "X", "c": 1}]}', '{"b": [{"Sid": "X", "c": 2}]}', ["a{b[X].c}: 1 -> 2"]),
        ('{"b": 1, "c": 2}', '{"c":2,"b":1}', ["a: (the same JSON, written otherwise)"]),
        ('{"b": 1', '{"b": 2', ['a: "{\\"b\\": 1" -> "{\\"b\\": 2"']),
        ("[" * 100_000, "x", [f'a: "{"[" * 56}... -> "x"']),
    ],
)
def test_the_leaf_that_differs_is_named(before: Any, after: Any, lines: list[str]) -> None:
    assert found(before, after) == lines


@pytest.mark.parametrize(
    ("before", "after", "marks", "lines"),
    [
        ("x", None, {"after_unknown": {"a": True}}, ['a: "x" -> (known after apply)']),
        (["x"], [None], {"after_unknown": {"a": [True]}}, ['a: ["x"] -> ["(known after apply)"]']),
        ([{"b": 1, "c": 2}], [{"b": 1}], {"after_unknown": {"a": [{"c": True}]}}, ["a[0].c: 2 -> (known after apply)"]),
        ("x", "x", {"after_unknown": {"a": False}}, []),
        (["x"], ["x"], {"after_unknown": {"a": [False]}}, []),
    ],
)
def test_what_is_not_known_yet_is_said_to_be(before: Any, after: Any, marks: Any, lines: list[str]) -> None:
    assert found(before, after, **marks) == lines


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ("hush", "other", {"before_sensitive": {"a": True}}),
        ("hush", "other", {"after_sensitive": {"a": True}}),
        ("hush", None, {"before_sensitive": {"a": True}, "after_unknown": {"a": True}}),
        (None, {"b": "hush"}, {"after_sensitive": {"a": {"b": True}}}),
        ({"b": "hush"}, {"b": "other"}, {"after_sensitive": {"a": {"b": True}}}),
        (["hush"], ["other"], {"before_sensitive": {"a": [True]}}),
        ([{"b": "hush"}], [], {"before_sensitive": {"a": [{"b": True}]}}),
        ('{"b": "hush"}', '{"b": "other"}', {"before_sensitive": {"a": True}}),
        ([{"name": "x", "b": "hush"}], [{"name": "x", "b": "new"}], {"after_sensitive": {"a": [{"b": True}]}}),
    ],
)
def test_a_sensitive_value_is_hidden_wherever_it_is(before: Any, after: Any, marks: Any) -> None:
    [line] = found(before, after, **marks)

    assert "(sensitive)" in line
    assert not any(word in line for word in ("hush", "other", "new"))


def test_a_sensitive_value_that_stays_is_no_difference() -> None:
    assert found("hush", "hush", before_sensitive={"a": True}, after_sensitive={"a": True}) == []
    assert found(["hush"], ["hush"], before_sensitive={"a": [True]}) == []


@pytest.mark.parametrize(("before", "after"), [(None, {"a": 1}), ({"a": 1}, None), (None, None)])
def test_what_is_made_or_destroyed_differs_in_nothing(before: Any, after: Any) -> None:
    assert list(differences({"before": before, "after": after})) == []


def test_a_long_value_is_cut() -> None:
    assert len(shown("x" * 1000)) == 60
    assert shown(Marker.UNKNOWN) == "(known after apply)"
