"""Runs lists of steps: one platform's in order, several platforms side by side."""

import contextlib
import os
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from delivery.errors import EXIT_UNUSABLE
from delivery.lifecycle.deployment import Deployment, Outcome, Status, Step, StepResult
from delivery.processes.interrupts import Cancellation, Interrupted
from delivery.recovery.advice import explained
from delivery.terraform.events import Event
from delivery.terraform.runner import TerraformError

JOIN_SECONDS = 0.2  # how soon a signal or a dead target is noticed
STOP_SECONDS = 30.0  # bounds the wait for threads that were told to stop; their terraform has a shorter grace time


class Observer(Protocol):
    """Whoever shows what happens. Called from several threads."""

    def step_started(self, platform: str, step: str) -> None: ...

    def step_ended(self, result: StepResult) -> None: ...

    def event(self, platform: str, event: Event) -> None: ...

    def hidden(self) -> AbstractContextManager[None]:
        """Keeps out of the way within the block, so that somebody can be asked."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """What every part of a run needs: the user's environment, who watches, and what tells it to stop."""

    environment: Mapping[str, str]
    observer: Observer
    cancellation: Cancellation


def passed(platform: str, name: str, action: Callable[[], Outcome], observer: Observer) -> StepResult:
    """Run and time one action whose failure ends everything: its exception leaves as it is."""
    observer.step_started(platform, name)
    began = time.monotonic()
    outcome = action()
    result = StepResult(platform, name, Status.PASSED, time.monotonic() - began, outcome)
    observer.step_ended(result)
    return result


def timed(platform: str, name: str, action: Callable[[], Outcome], observer: Observer) -> StepResult:
    """Run and time one action; an exception becomes a failed result. `Interrupted` passes through."""
    began = time.monotonic()
    try:
        return passed(platform, name, action, observer)
    except Exception as error:
        seconds = time.monotonic() - began
        told = Outcome(data=getattr(error, "data", None))
        result = StepResult(platform, name, Status.FAILED, seconds, told, _explain(error), _exit_code(error))
    observer.step_ended(result)
    return result


def run_steps(deployment: Deployment, steps: Sequence[Step], around: Surroundings) -> list[StepResult]:
    """Every step in order; after a failure only those that clean up. Raises Interrupted when cancelled."""
    results: list[StepResult] = []
    for step in steps:
        around.cancellation.raise_if_cancelled()
        failed = any(result.status is Status.FAILED for result in results)
        if failed and not step.cleans_up:
            results.append(StepResult(deployment.platform, step.name, Status.SKIPPED, 0.0))
            continue
        results.append(timed(deployment.platform, step.name, partial(step.run, deployment), around.observer))
    return results


def run_side_by_side(
    deployments: Sequence[Deployment],
    steps: Sequence[Step],
    around: Surroundings,
    check_target: Callable[[], None] = lambda: None,
) -> list[StepResult]:
    """The steps of every deployment, each deployment in a thread of its own; results in the order given.

    `check_target` is called again and again meanwhile and may raise: then, as with a signal, all threads are told to
    stop, and what runs in them is gone before the exception leaves.
    """
    finished: dict[int, list[StepResult]] = {}

    def work(number: int, deployment: Deployment) -> None:
        with contextlib.suppress(Interrupted):  # the main thread knows: it cancelled
            finished[number] = run_steps(deployment, steps, around)

    threads = [threading.Thread(target=work, args=numbered, daemon=True) for numbered in enumerate(deployments)]
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            next(thread for thread in threads if thread.is_alive()).join(JOIN_SECONDS)
            check_target()
    except BaseException:
        around.cancellation.cancel()
        for thread in threads:
            thread.join(STOP_SECONDS)
        raise
    around.cancellation.raise_if_cancelled()
    return [result for number in range(len(deployments)) for result in finished[number]]


def _exit_code(error: Exception) -> int:
    """1 where the stack is at fault, 2 where nothing can be said about it."""
    return 1 if isinstance(error, TerraformError) else int(getattr(error, "exit_code", EXIT_UNUSABLE))


def _explain(error: Exception, environment: Mapping[str, str] = os.environ) -> str:
    if isinstance(error, TerraformError):
        return explained(error)
    if hasattr(error, "exit_code"):
        return str(error)
    if environment.get("PAYGATE_TRACEBACK"):
        return "".join(traceback.format_exception(error)).strip()
    return f"{type(error).__name__}: {error} (set PAYGATE_TRACEBACK=1 for the traceback)"
