"""Terraform killed at a moment that a seed decides: after so many events of its, and then some milliseconds."""

import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from delivery.terraform.events import Event, Finished, Planned, Started
from delivery.terraform.runner import TerraformError
from tests.integration.faults.life import Life

LONGEST_DELAY_SECONDS = 2.0  # within the waits of the provider: of 10 s for a cluster, 12 s for a key
LATEST = 0.6  # of the operations of a run: something is left for the next moment, which goes on from there
FEW_EVENTS = 20  # a run with so little to do may end before a delay is over


@dataclass(frozen=True)
class Moment:
    """After that part of the starts and ends of operations that the plan holds, and then that long."""

    part: float
    delay_seconds: float
    number: signal.Signals

    def events(self, planned: int) -> int:
        """How many events that is, of so many planned operations; each has a start and an end."""
        return max(1, int(self.part * 2 * planned))


def moments(seed: str, number: signal.Signals, count: int) -> list[Moment]:
    """Random moments, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)
    return [
        Moment(chance.uniform(0.0, LATEST), chance.uniform(0.0, LONGEST_DELAY_SECONDS), number) for _ in range(count)
    ]


@dataclass
class Killed:
    """What came of it: whether the signal hit, and the error of the run (None where it ended well all the same)."""

    hit: bool
    error: TerraformError | None


def killed(life: Life, moment: Moment, run: Callable[[], object]) -> Killed:
    """Carry out a run of terraform and kill it at its moment."""
    reached, over, hits = threading.Event(), threading.Event(), []
    operations: dict[str, int] = {}  # by address: a plan that was made again replaces the one before
    seen = 0

    def count(event: Event) -> None:
        nonlocal seen
        if isinstance(event, Planned):
            operations[event.address] = event.operations
        seen += isinstance(event, Started | Finished) and not event.address.startswith("data.")
        if seen >= moment.events(sum(operations.values())):
            reached.set()

    def kill() -> None:
        reached.wait()
        delay_seconds = moment.delay_seconds if 2 * sum(operations.values()) > FEW_EVENTS else 0.0
        if not over.wait(delay_seconds):
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
