"""The lines of `terraform -json` become events; what is no event is passed over."""

import json

import pytest

from delivery.terraform.events import (
    Diagnostic,
    Drifted,
    Event,
    Failed,
    Finished,
    Planned,
    Refreshed,
    Started,
    Summary,
    Waiting,
    parse_event,
)

RESOURCE = {"addr": "aws_lb.main", "resource_type": "aws_lb"}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            {"type": "planned_change", "change": {"resource": RESOURCE, "action": "replace"}},
            Planned("aws_lb.main", "replace"),
        ),
        (
            {"type": "resource_drift", "change": {"resource": RESOURCE, "action": "update"}},
            Drifted("aws_lb.main", "update"),
        ),
        ({"type": "refresh_complete", "hook": {"resource": RESOURCE}}, Refreshed("aws_lb.main")),
        (
            {"type": "apply_start", "hook": {"resource": RESOURCE, "action": "create"}},
            Started("aws_lb.main", "create"),
        ),
        (
            {"type": "apply_complete", "hook": {"resource": RESOURCE, "action": "create", "elapsed_seconds": 61}},
            Finished("aws_lb.main", "create", 61.0),
        ),
        (
            {"type": "apply_progress", "hook": {"resource": RESOURCE, "action": "create", "elapsed_seconds": 20}},
            Waiting("aws_lb.main", "create", 20.0),
        ),
        (
            {"type": "apply_errored", "hook": {"resource": RESOURCE, "action": "create", "elapsed_seconds": 2}},
            Failed("aws_lb.main", "create", 2.0),
        ),
        (
            {"type": "change_summary", "changes": {"operation": "apply", "add": 3, "change": 2, "remove": 1}},
            Summary("apply", 3, 2, 1),
        ),
        (
            {
                "type": "diagnostic",
                "diagnostic": {
                    "severity": "error",
                    "summary": "creating LB",
                    "detail": "  Throttled\n",
                    "address": "aws_lb.main",
                    "range": {"filename": "cdk.tf.json", "start": {"line": 12}},
                },
            },
            Diagnostic("error", "creating LB", "Throttled", "aws_lb.main", "cdk.tf.json:12"),
        ),
    ],
)
def test_each_kind_of_message_becomes_its_event(message: dict[str, object], expected: Event) -> None:
    assert parse_event(json.dumps({"@level": "info", **message})) == expected


@pytest.mark.parametrize(
    "line",
    ["", "\x1b[32mSuccessfully configured the backend", "[]", "null", "{}", '{"type": "version"}', '{"type": []}'],
)
def test_what_is_no_event_is_passed_over(line: str) -> None:
    assert parse_event(line) is None


@pytest.mark.parametrize(
    ("action", "operations"),
    [("create", 1), ("read", 1), ("update", 1), ("delete", 1), ("replace", 2), ("noop", 0), ("move", 0), ("import", 0)],
)
def test_an_action_counts_as_many_operations_as_terraform_reports_for_it(action: str, operations: int) -> None:
    assert Planned("a.b", action).operations == operations


def test_a_diagnostic_reads_as_where_what_and_why() -> None:
    assert str(Diagnostic("error", "creating LB", "Throttled", "aws_lb.main", "f:1")) == (
        "aws_lb.main: creating LB: Throttled"
    )
    assert str(Diagnostic("error", "Missing argument", "", "", "cdk.tf.json:7")) == "cdk.tf.json:7: Missing argument"
