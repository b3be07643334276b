"""Progress in plain lines: not one per resource, never silent for long."""

import io

from delivery.cli.display import LiveDisplay, PlainDisplay, describe
from delivery.lifecycle.deployment import Outcome, Status, StepResult
from delivery.terraform.events import Finished, Planned, Refreshed, Started, Waiting
from delivery.terraform.progress import Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(display_stream: io.StringIO) -> list[str]:
    return [" ".join(line.split()) for line in display_stream.getvalue().splitlines()]


def test_progress_is_told_as_done_of_total_what_failed_and_what_waits_longest() -> None:
    assert describe(Progress(), 0.0) == ""
    assert describe(Progress(refreshed=7), 0.0) == "7 read"
    assert describe(Progress(total=10, done=4), 0.0) == "4 of 10"
    busy = Progress(total=10, done=4, failed=1, in_flight={"aws_vpc.a": 5.0, "aws_lb.b": 2.0})
    assert describe(busy, 45.0) == "4 of 10, 1 failed, 2 in flight, aws_lb.b for 43 s"


def test_a_line_is_said_every_so_many_operations() -> None:
    stream, clock = io.StringIO(), Clock()
    display = PlainDisplay(stream, clock)
    display.step_started("payments", "apply")
    for number in range(60):
        display.event("payments", Planned(f"a.{number}", "create"))
    for number in range(60):
        display.event("payments", Finished(f"a.{number}", "create", 1.0))
    display.step_ended(StepResult("payments", "apply", Status.PASSED, 9.0, Outcome("60 resources")))
    assert lines(stream) == [
        "start payments apply",
        "... 0.0 s payments apply 25 of 60",
        "... 0.0 s payments apply 50 of 60",
        "ok 9.0 s payments apply 60 resources",
    ]


def test_a_line_is_said_after_a_while_in_which_nothing_ended() -> None:
    stream, clock = io.StringIO(), Clock()
    display = PlainDisplay(stream, clock)
    display.step_started("payments", "apply")
    display.event("payments", Planned("aws_lb.b", "create"))
    display.event("payments", Started("aws_lb.b", "create"))
    for clock.now in (10.0, 20.0, 30.0, 40.0):
        display.event("payments", Waiting("aws_lb.b", "create", clock.now))
    assert lines(stream)[1:] == [
        "... 20.0 s payments apply 0 of 1, 1 in flight, aws_lb.b for 20 s",
        "... 40.0 s payments apply 0 of 1, 1 in flight, aws_lb.b for 40 s",
    ]


def test_a_failed_step_is_marked_and_steps_that_all_share_have_no_platform() -> None:
    stream = io.StringIO()
    display = PlainDisplay(stream, Clock())
    display.step_started("", "leftovers")
    display.step_ended(StepResult("", "leftovers", Status.FAILED, 0.5, error="x", exit_code=1))
    assert lines(stream) == ["start leftovers", "FAILED 0.5 s leftovers"]


def test_an_event_of_a_platform_without_a_running_step_is_passed_over() -> None:
    stream = io.StringIO()
    PlainDisplay(stream, Clock()).event("payments", Refreshed("a.b"))
    assert stream.getvalue() == ""


def test_the_live_table_has_a_row_for_each_running_step_and_ended_steps_are_printed_above() -> None:
    from rich.console import Console

    stream, clock = io.StringIO(), Clock()
    console = Console(file=stream, width=120, force_terminal=False)
    display = LiveDisplay(console, clock)
    display.step_started("payments", "apply")
    display.step_started("gateway", "plan")
    display.event("payments", Planned("aws_lb.b", "create"))
    display.event("payments", Started("aws_lb.b", "create"))
    clock.now = 12.0
    console.print(display)
    table = lines(stream)
    assert [row.split()[:4] for row in table] == [["12", "s", "payments", "apply"], ["12", "s", "gateway", "plan"]]
    assert table[0].endswith("0 of 1, 1 in flight, aws_lb.b for 12 s")
    display.step_ended(StepResult("gateway", "plan", Status.PASSED, 12.0, Outcome("[3] changes")))
    assert lines(stream)[-1] == "ok 12.0 s gateway plan [3] changes"
