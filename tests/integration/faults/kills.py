"""Terraform killed at a moment that a seed decides: after so many events of its, and then some milliseconds."""

import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from delivery.terraform.events import Event, Finished, Started
from delivery.terraform.runner import TerraformError
from tests.integration.faults.world import Life

LONGEST_DELAY_SECONDS = 2.0  # within the waits of the provider: of 10 s for a cluster, 12 s for a key


@dataclass(frozen=True)
class Moment:
    """After that many starts and ends of operations, and then that long."""

    events: int
    delay_seconds: float
    number: signal.Signals


def moments(seed: str, number: signal.Signals, count: int, events: int) -> list[Moment]:
    """Random moments over a run of so many events, the same for the same seed.

    The last tenth is left out: there the run may end before the delay is over.
    """
    chance = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)
    return [
        Moment(chance.randrange(1, events * 9 // 10), chance.uniform(0.0, LONGEST_DELAY_SECONDS), number)
        for _ in range(count)
    ]


@dataclass
class Killed:
    """What came of it: whether the signal hit, and the error of the run (None where it ended well all the same)."""

    hit: bool
    error: TerraformError | None


def killed(life: Life, moment: Moment, run: Callable[[], object]) -> Killed:
    """Carry out a run of terraform and kill it at its moment."""
    reached, over, hits = threading.Event(), threading.Event(), []
    seen = 0

    def count(event: Event) -> None:
        nonlocal seen
        seen += isinstance(event, Started | Finished)
        if seen >= moment.events:
            reached.set()

    def kill() -> None:
        reached.wait()
        if not over.wait(moment.delay_seconds):
            hits.extend(_terraform_of(life, moment.number))

    life.listeners.append(count)
    killer = threading.Thread(target=kill)
    killer.start()
    error = None
    try:
        run()
    except TerraformError as raised:
        error = raised
    finally:
        over.set()
        reached.set()
        killer.join()
        life.listeners.remove(count)
    return Killed(bool(hits), error)


def _terraform_of(life: Life, number: signal.Signals) -> list[int]:
    """Send the signal to the terraform that works in the life's folder; its supervisor and providers get none."""
    hit = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.name() == "terraform" and process.cwd() == str(life.folder):
                process.send_signal(number)
                hit.append(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return hit
