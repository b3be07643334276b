"""A plan that is not empty tells why."""

from typing import Any

import pytest

from delivery.terraform.changes import explain_changes


def plan(**change: Any) -> dict[str, Any]:
    return {"resource_changes": [{"address": "aws_x.a", "change": change}]}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"actions": ["update"], "before": {"a": 1, "b": None}, "after": {"a": 1, "b": "new"}},
            'update aws_x.a: b: null -> "new"',
        ),
        (
            {
                "actions": ["delete", "create"],
                "before": {"key": "old", "id": "1"},
                "after": {"key": "new"},
                "after_unknown": {"id": True},
                "replace_paths": [["key"]],
            },
            'delete/create aws_x.a: key: "old" -> "new"',
        ),
        (
            {"actions": ["update"], "before": {"arn": "x"}, "after": {}, "after_unknown": {"arn": True}},
            'update aws_x.a: arn: "x" -> (known after apply)',
        ),
        (
            {
                "actions": ["update"],
                "before": {"password": "old"},
                "after": {"password": "new"},
                "before_sensitive": {"password": True},
                "after_sensitive": {},
            },
            "update aws_x.a: password: (sensitive)",
        ),
        (
            {"actions": ["update"], "before": {"a": "x" * 100}, "after": {"a": ""}},
            f'update aws_x.a: a: "{"x" * 56}... -> ""',
        ),
        (
            {"actions": ["create"], "before": None, "after": {"a": 1}, "after_unknown": {"id": True}},
            "create aws_x.a",
        ),
    ],
)
def test_a_change_is_explained_by_the_attributes_that_differ(change: dict[str, Any], line: str) -> None:
    assert explain_changes(plan(**change)) == [line]


@pytest.mark.parametrize("action", ["no-op", "read"])
def test_what_changes_nothing_is_not_listed(action: str) -> None:
    assert explain_changes(plan(actions=[action], before={"a": 1}, after={"a": 2})) == []


def test_changed_outputs_are_listed() -> None:
    outputs = {"a": {"actions": ["update"]}, "b": {"actions": ["no-op"]}}
    assert explain_changes({"output_changes": outputs}) == ["update output a"]
