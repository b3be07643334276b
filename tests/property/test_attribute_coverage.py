"""Attributes of the payments stack, changed one by one: the gate notices, or the reviewed list says why it need not.

The whole measurement is `python -m bench.attribute_coverage`; here, the list is held against it in samples.
"""

import json
from pathlib import Path
from typing import Any
from zlib import crc32

from bench.attribute_changes import DROPPED, REPLACED, Change, changed, changes
from bench.attribute_coverage import UNNOTICED, Coverage, measured, outcome, report
from bench.free_attributes import Free, free_attributes, unlisted, unused

SUMMARY = Path(__file__).parents[2] / "docs" / "attribute-coverage.md"
ONE_CHANGE_IN, ONE_LINE_IN = 12, 3  # tried here; the script tries all
STACK = {
    "resource": {
        "aws_x": {
            "a": {"on": True, "size": 3, "text": json.dumps({"items": ["p", "q"]}), "other": "${aws_x.b.id}"},
            "b": {"//": {"metadata": {}}, "size": "3"},
        }
    },
    "provider": {"aws": [{"region": "us-east-1"}]},
}


def edits(change: Change) -> Any:
    """What the change makes of the first resource of STACK."""
    return changed(STACK, change)["resource"]["aws_x"].get("a")


def is_drawn(one: object, one_in: int) -> bool:
    """Whether it is in the sample, which is the same in every process."""
    return crc32(str(one).encode()) % one_in == 0


def test_every_attribute_is_replaced_and_dropped_once() -> None:
    made = {(each.address, each.path, each.how): each for each in changes(STACK)}

    assert len(made) == len(list(changes(STACK)))
    paths = {path for address, path, _ in made if address == "aws_x.a"}
    assert paths == {"", "on", "size", "text", "text.items", "text.items[0]", "text.items[1]", "other"}
    assert {path for address, path, _ in made if address == "aws_x.b"} == {"", "size"}
    assert {each.kind for each in made.values()} == {"aws_x", "provider.aws"}
    assert edits(made["aws_x.a", "on", REPLACED])["on"] is False
    assert edits(made["aws_x.a", "size", REPLACED])["size"] == 4
    assert edits(made["aws_x.a", "text.items[0]", DROPPED])["text"] == '{"items": ["q"]}'
    assert edits(made["aws_x.a", "", DROPPED]) is None
    assert made["aws_x.a", "other", REPLACED].value == "${aws_x.a.id}"
    assert made["aws_x.b", "size", REPLACED].value == "4"


def test_a_change_changes_its_place_and_leaves_the_original_alone(payments: dict[str, Any]) -> None:
    before = json.dumps(payments)
    assert [str(each) for each in changes(payments) if changed(payments, each) == payments] == []
    assert json.dumps(payments) == before


def test_what_the_list_does_not_free_is_noticed(payments: dict[str, Any]) -> None:
    demanded = unlisted(changes(payments), free_attributes())
    sample = [each for each in demanded if is_drawn(each, ONE_CHANGE_IN)]
    assert len(sample) > 80

    assert [str(each) for each in sample if outcome(payments, each) == UNNOTICED] == []


def test_no_line_of_the_list_is_idle(payments: dict[str, Any]) -> None:
    every = list(changes(payments))
    sample = [line for line in free_attributes() if is_drawn(line, ONE_LINE_IN)]
    assert len(sample) > 40
    idle = [
        str(line)
        for line in sample
        if not any(outcome(payments, each) == UNNOTICED for each in every if line.covers(each))
    ]
    assert idle == []


def test_what_a_line_covers() -> None:
    change = Change("aws_x.a", "aws_x", "block[1].size", DROPPED, ())

    assert Free("aws_x", "block[].size", "r", "d").covers(change)
    assert Free("aws_*", "*.size", "r", "d", (DROPPED,)).covers(change)
    assert not Free("aws_x", "block[].size", "r", "d", (REPLACED,)).covers(change)
    assert not Free("aws_x", "block[]", "r", "d").covers(change)
    assert not Free("aws_x", "block[1].size", "r", "d").covers(change)
    assert unused([change], [Free("aws_x", "size", "r", "d")]) != ()


def test_the_outcome_does_not_hang_on_the_number_of_processes(payments: dict[str, Any]) -> None:
    some = [each for each in changes(payments) if each.address in ("aws_ecs_cluster.main", "aws_eip.us-east-1a")]
    alone, shared = (measured(payments, some, processes) for processes in (1, 2))

    assert alone == shared
    assert [change for change, _ in alone.results] == some
    assert {"found", "refused"} <= set(alone.by_type()["aws_ecs_cluster"])
    assert "aws_eip.us-east-1a" in {change.address for change in alone.unnoticed}


def test_a_report_shows_what_nobody_has_reviewed() -> None:
    change = Change("aws_x.a", "aws_x", "size", DROPPED, ())
    text = report(Coverage(((change, UNNOTICED), (change, "found"))), ())

    assert "**1 of 2 changes (50.0 %)" in text
    assert "| 1 | NOT REVIEWED |" in text


def test_the_summary_in_docs_is_that_of_this_stack(payments: dict[str, Any]) -> None:
    summary = SUMMARY.read_text(encoding="utf-8")

    assert f" of {len(list(changes(payments)))} changes (" in summary, "run bench.attribute_coverage with --write"
    assert [line.reason for line in free_attributes() if line.reason not in summary] == []
