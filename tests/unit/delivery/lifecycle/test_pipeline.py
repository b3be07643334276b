"""Steps run in order, platforms side by side; a failure stops its platform and never the cleaning up."""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, Status, Step, StepFailedError, StepResult
from delivery.lifecycle.pipeline import Surroundings, passed, run_side_by_side, run_steps, timed
from delivery.processes.interrupts import Cancellation, Interrupted
from delivery.terraform.events import Diagnostic, Event
from delivery.terraform.runner import TerraformError


class Witness:
    """An observer that writes down what it is told."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def step_started(self, platform: str, step: str) -> None:
        self.seen.append(f"start {platform} {step}")

    def step_ended(self, result: StepResult) -> None:
        self.seen.append(f"{result.status} {result.name}")

    def event(self, platform: str, event: Event) -> None:
        self.seen.append(f"{platform} {event}")


def surroundings(witness: Witness | None = None) -> Surroundings:
    return Surroundings({}, witness or Witness(), Cancellation())


def deployment(platform: str = "payments") -> Deployment:
    return cast(Deployment, SimpleNamespace(platform=platform, stack_file=Path("cdk.tf.json")))


def step(name: str, action: Callable[[], Any] = lambda: None, *, cleans_up: bool = False) -> Step:
    def run(_deployment: Deployment) -> Outcome:
        action()
        return Outcome(f"{name} done")

    return Step(name, run, cleans_up)


def failing(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


def test_every_step_runs_in_order_and_the_observer_sees_each_begin_and_end() -> None:
    witness = Witness()
    results = run_steps(deployment(), [step("plan"), step("apply")], surroundings(witness))
    assert [(result.step, result.status, result.outcome.note) for result in results] == [
        ("plan", Status.PASSED, "plan done"),
        ("apply", Status.PASSED, "apply done"),
    ]
    assert witness.seen == [
        "start payments plan",
        "passed payments plan",
        "start payments apply",
        "passed payments apply",
    ]


def test_after_a_failure_only_the_cleaning_up_runs() -> None:
    steps = [step("plan", failing(StepFailedError("no"))), step("apply"), step("destroy", cleans_up=True)]
    results = run_steps(deployment(), steps, surroundings())
    assert [(result.step, result.status) for result in results] == [
        ("plan", Status.FAILED),
        ("apply", Status.SKIPPED),
        ("destroy", Status.PASSED),
    ]


@pytest.mark.parametrize(
    ("error", "exit_code", "message"),
    [
        (StepFailedError("the second plan is not empty"), 1, "the second plan is not empty"),
        (StepFailedError("the gate is broken", 2), 2, "the gate is broken"),
        (TerraformError("apply", [Diagnostic("error", "denied")], "failed"), 1, "terraform apply failed\n  denied"),
        (UserError("no provider", mend="Name a mirror"), 2, "no provider. Name a mirror"),
        (KeyError("x"), 2, "KeyError: 'x' (set PAYGATE_TRACEBACK=1 for the traceback)"),
    ],
)
def test_a_failure_is_a_message_and_an_exit_code(error: Exception, exit_code: int, message: str) -> None:
    result = timed("payments", "plan", failing(error), Witness())
    assert (result.status, result.exit_code, result.error) == (Status.FAILED, exit_code, message)


def test_what_ends_everything_leaves_as_it_is() -> None:
    with pytest.raises(UserError, match="bad settings"):
        passed("", "synth", failing(UserError("bad settings")), Witness())


def test_platforms_run_side_by_side_and_one_that_fails_does_not_stop_the_other() -> None:
    both_there = threading.Barrier(2, timeout=5)

    def meet(found: Deployment) -> Outcome:
        both_there.wait()
        if found.platform == "gateway":
            raise StepFailedError("no")
        return Outcome()

    results = run_side_by_side(
        [deployment("gateway"), deployment("payments")], [Step("meet", meet), step("after")], surroundings()
    )
    assert [(result.name, result.status) for result in results] == [
        ("gateway meet", Status.FAILED),
        ("gateway after", Status.SKIPPED),
        ("payments meet", Status.PASSED),
        ("payments after", Status.PASSED),
    ]


def test_a_target_that_died_stops_all_platforms() -> None:
    around = surroundings()
    left = []

    def wait_for_the_end() -> None:
        while not around.cancellation.cancelled:
            time.sleep(0.01)
        left.append(True)
        around.cancellation.raise_if_cancelled()

    with pytest.raises(UserError, match="emulator ended"):
        run_side_by_side(
            [deployment("a"), deployment("b")],
            [step("apply", wait_for_the_end)],
            around,
            failing(UserError("the emulator ended")),
        )
    assert left == [True, True]


def test_a_cancelled_run_starts_no_further_step_and_does_not_look_like_a_result() -> None:
    around, ran = surroundings(), []
    steps = [
        step("plan", lambda: around.cancellation.cancel(signal.SIGTERM)),
        step("destroy", lambda: ran.append("destroy"), cleans_up=True),
    ]
    with pytest.raises(Interrupted) as interrupted:
        run_side_by_side([deployment()], steps, around)
    assert interrupted.value.exit_code == 143
    assert ran == []
