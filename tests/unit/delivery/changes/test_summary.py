"""Each resource of a plan says what happens to it, and why."""

from typing import Any

import pytest

from delivery.changes.graphs import checked
from delivery.changes.summary import Action, Change, summarize
from delivery.errors import UserError
from tests.unit.delivery.changes.plans import changing, plan


def only(*changes: dict[str, Any]) -> Change:
    [change] = summarize(plan(changes=list(changes))).changes
    return change


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["create"], Action.ADDED),
        (["update"], Action.CHANGED),
        (["delete"], Action.DESTROYED),
        (["delete", "create"], Action.REPLACED),
        (["create", "delete"], Action.REPLACED),
        (["forget"], Action.FORGOTTEN),
        (["create", "forget"], Action.REPLACED),
    ],
)
def test_an_action_has_its_word(actions: list[str], action: Action) -> None:
    assert only(changing("aws_x.a", *actions, before={"a": 1}, after={"a": 2})).action is action


@pytest.mark.parametrize(("actions", "mode"), [(["no-op"], "managed"), (["read"], "data"), (["create"], "data")])
def test_what_stays_or_is_only_read_is_no_change(actions: list[str], mode: str) -> None:
    summary = summarize(plan(changes=[changing("aws_x.a", *actions, mode=mode)]))

    assert summary.is_empty
    assert summary.counts == {}


def test_a_move_and_an_import_are_changes_though_nothing_happens() -> None:
    moved = only(changing("aws_x.b", "no-op", previous_address="aws_x.a"))
    imported = only(changing("aws_x.b", "no-op", importing={"id": "i-1"}))

    assert (moved.action, moved.moved_from) == (Action.MOVED, "aws_x.a")
    assert (imported.action, imported.imported_id) == (Action.IMPORTED, "i-1")


def test_a_replacement_says_what_forces_it() -> None:
    by_attribute = only(
        changing("aws_x.a", "delete", "create", before={"k": [{"a": 1}]}, after={}, replace_paths=[["k", 0, "a"]])
    )
    by_hand = only(changing("aws_x.a", "delete", "create", action_reason="replace_because_tainted"))

    assert by_attribute.forced_by == ("k[0].a",)
    assert by_hand.forced_by == ("the last apply left it half made (tainted)",)


def test_a_replacement_does_not_list_what_aws_computes_anew() -> None:
    change = only(
        changing(
            "aws_x.a",
            "delete",
            "create",
            before={"id": "1", "key": "a", "arn": "x"},
            after={"key": "b"},
            after_unknown={"id": True, "arn": True},
            replace_paths=[["key"]],
        )
    )

    assert [str(each) for each in change.differences] == ['key: "a" -> "b"']


def test_nothing_in_another_form_is_no_difference() -> None:
    change = only(changing("aws_x.a", "update", before={"a": "", "b": 1, "c": []}, after={"b": 2, "c": None}))

    assert [each.path for each in change.differences] == ["b"]


def test_changes_come_by_what_matters_most_and_then_by_address() -> None:
    changes = [
        changing("aws_x.d", "create"),
        changing("aws_x.c", "update", before={"a": 1}, after={"a": 2}),
        changing("aws_x.b", "delete"),
        changing("aws_x.a", "create"),
    ]
    summary = summarize(plan(changes=changes))

    assert [change.address for change in summary.changes] == ["aws_x.b", "aws_x.c", "aws_x.a", "aws_x.d"]
    assert summary.counts == {Action.DESTROYED: 1, Action.CHANGED: 1, Action.ADDED: 2}


def test_an_old_object_that_is_left_over_is_named() -> None:
    assert only(changing("aws_x.a", "delete", deposed="0a1b")).address == "aws_x.a (deposed 0a1b)"


def test_outputs_are_told_and_sensitive_ones_hidden() -> None:
    outputs = {
        "b": {"actions": ["update"], "before": "hush", "after": "new", "after_sensitive": True},
        "a": {"actions": ["create"], "before": None, "after": 1, "after_unknown": False},
        "c": {"actions": ["no-op"], "before": 1, "after": 1},
    }
    summary = summarize(plan(output_changes=outputs))

    assert [(each.address, each.action) for each in summary.outputs] == [("a", Action.ADDED), ("b", Action.CHANGED)]
    assert "hush" not in repr(summary)
    assert "new" not in repr(summary)


def test_a_plan_of_some_resources_is_known_as_such() -> None:
    assert summarize(plan(complete=False)).partial
    assert not summarize(plan(complete=True)).partial


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("text", "this is not a plan"),
        ({}, "found another JSON object"),
        ({"values": {}}, "found a state"),
        (plan(format_version="0.1"), "format_version 0.1"),
        (plan(errored=True), "ended in an error"),
        (plan(resource_changes=[1]), "`resource_changes` is not a list of changes"),
        (plan(resource_changes=[{"address": "a", "change": {"actions": "create"}}]), "not a list of changes"),
    ],
)
def test_a_document_that_is_no_whole_plan_is_refused(document: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        checked(document)
