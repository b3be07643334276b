"""Mutants: edits that go through JSON strings, and say so when there is nothing to edit."""

import json
from typing import Any

import pytest

from policies.mutant import Edit, MutantDoesNotFitError, add, append, both, change, drop, mutated, put


def stack() -> dict[str, Any]:
    containers = json.dumps([{"name": "api", "ports": [1]}])
    return {
        "resource": {"aws_x": {"a": {"size": 1, "block": [{"v": 1}], "items": [1], "containers": containers}}},
        "data": {"aws_y": {"d": {"v": 1}}},
        "provider": {"aws": [{"region": "r"}]},
    }


def values(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["resource"]["aws_x"]["a"]
    return found


EDITS: list[tuple[Edit, str, Any]] = [
    (put("aws_x.a", "size", 2), "size", 2),
    (put("aws_x.a", "new", {"b": 1}), "new", {"b": 1}),
    (put("aws_x.a", "block.v", 2), "block", [{"v": 2}]),
    (put("aws_x.a", "block[0].v", 2), "block", [{"v": 2}]),
    (change("aws_x.a", "size", lambda size: size + 1), "size", 2),
    (append("aws_x.a", "items", 2), "items", [1, 2]),
    (drop("aws_x.a", "items[0]"), "items", []),
    (put("aws_x.a", "containers[0].name", "x"), "containers", json.dumps([{"name": "x", "ports": [1]}])),
    (append("aws_x.a", "containers[0].ports", 2), "containers", json.dumps([{"name": "api", "ports": [1, 2]}])),
    (both(put("aws_x.a", "size", 2), put("aws_x.a", "size", 3)), "size", 3),
]


@pytest.mark.parametrize(("edit", "key", "value"), EDITS)
def test_an_edit_changes_a_copy(edit: Edit, key: str, value: Any) -> None:
    original = stack()
    assert values(mutated(original, edit))[key] == value
    assert original == stack()


def test_whole_resources_come_and_go() -> None:
    assert mutated(stack(), drop("aws_x.a"))["resource"]["aws_x"] == {}
    assert mutated(stack(), add("aws_z.n", {"v": 1}))["resource"]["aws_z"] == {"n": {"v": 1}}
    assert mutated(stack(), put("data.aws_y.d", "v", 2))["data"]["aws_y"]["d"] == {"v": 2}
    assert mutated(stack(), put("provider.aws", "region", "s"))["provider"] == {"aws": [{"region": "s"}]}


STALE = [
    put("aws_x.gone", "size", 2),
    put("aws_x.a", "gone.v", 2),
    put("aws_x.a", "size", 1),
    drop("aws_x.a", "gone"),
    drop("aws_x.gone"),
    append("aws_x.a", "size", 1),
    append("aws_x.a", "gone", 1),
    change("aws_x.a", "gone", lambda value: value),
    add("aws_x.a", {}),
    put("aws_x.a", "containers[5].name", "x"),
    put("aws_x.a", "size.v", "x"),
]


@pytest.mark.parametrize("edit", STALE)
def test_a_mutant_that_finds_nothing_to_edit_says_so(edit: Edit) -> None:
    with pytest.raises(MutantDoesNotFitError):
        mutated(stack(), edit)
