"""Scans that are under way are waited for, no longer than allowed."""

import signal
import time
from collections import Counter

import pytest

from delivery.processes.interrupts import Cancellation, Interrupted
from delivery.scan.answer import Scan, State
from delivery.scan.images import Image
from delivery.scan.waiting import pausing, wait_for_scans
from tests.unit.delivery.scan.standins import image

WAITING, READY = Scan(State.WAITING), Scan(State.READY)

pytestmark = pytest.mark.clause("G.2.4", proof="test")


class Clock:
    """Time that passes only while somebody pauses."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


class Ecr:
    """Scans that become ready at their so manieth question."""

    def __init__(self, **ready_at: int) -> None:
        self.ready_at = {image(letter): number for letter, number in ready_at.items()}
        self.asked: Counter[Image] = Counter()

    def ask(self, about: Image) -> Scan:
        self.asked[about] += 1
        return READY if self.asked[about] >= self.ready_at[about] else WAITING


def waited(ecr: Ecr, clock: Clock, seconds: float) -> list[State]:
    scans = wait_for_scans(ecr.ask, list(ecr.ready_at), seconds, clock.pause, lambda: clock.now)
    return [scan.state for scan in scans.values()]


def test_nobody_waits_for_scans_that_are_ready() -> None:
    ecr, clock = Ecr(a=1, b=1), Clock()
    assert waited(ecr, clock, 600) == [State.READY, State.READY]
    assert clock.pauses == []


def test_only_what_is_under_way_is_asked_about_again() -> None:
    ecr, clock = Ecr(a=1, b=3), Clock()
    assert waited(ecr, clock, 600) == [State.READY, State.READY]
    assert ecr.asked == {image("a"): 1, image("b"): 3}
    assert clock.pauses == [5.0, 5.0]


def test_the_wait_ends_with_a_last_question_when_the_time_is_up() -> None:
    ecr, clock = Ecr(a=99), Clock()
    assert waited(ecr, clock, 12) == [State.WAITING]
    assert clock.pauses == [5.0, 5.0, 2.0]
    assert ecr.asked[image("a")] == 4


def test_without_time_to_wait_everything_is_asked_about_once() -> None:
    ecr, clock = Ecr(a=2), Clock()
    assert waited(ecr, clock, 0) == [State.WAITING]
    assert ecr.asked[image("a")] == 1


@pytest.mark.clause("G.9.8", proof="test")
def test_a_cancelled_run_waits_no_longer() -> None:
    cancellation = Cancellation()
    cancellation.cancel(signal.SIGTERM)
    began = time.monotonic()
    with pytest.raises(Interrupted):
        pausing(cancellation)(60.0)
    assert time.monotonic() - began < 5


def test_a_pause_lasts_as_long_as_asked() -> None:
    began = time.monotonic()
    pausing(None)(0.05)
    pausing(Cancellation())(0.05)
    assert time.monotonic() - began >= 0.1
