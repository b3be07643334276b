"""Requests to the emulator are carried out one at a time, but for those that wait for a function."""

import threading
from collections.abc import Callable

import pytest

from delivery.sandbox.turns import Turns

WAIT_SECONDS = 10.0


def _in_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_turn_waits_for_the_one_before() -> None:
    turns, order, inside = Turns(), [], threading.Event()

    def second() -> None:
        inside.set()
        with turns.taken():
            order.append("second")

    with turns.taken():
        thread = _in_thread(second)
        assert inside.wait(WAIT_SECONDS)
        thread.join(0.05)
        order.append("first")
    thread.join(WAIT_SECONDS)
    assert order == ["first", "second"]


def test_a_turn_given_away_is_had_by_others_and_taken_back() -> None:
    turns, order = Turns(), []

    def other() -> None:
        with turns.taken():
            order.append("other")

    with turns.taken():
        with turns.given_away():
            _in_thread(other).join(WAIT_SECONDS)
        late = _in_thread(other)
        late.join(0.05)
        order.append("mine")
    late.join(WAIT_SECONDS)
    assert order == ["other", "mine", "other"]


def test_who_has_no_turn_gives_none_away() -> None:
    turns, order = Turns(), []
    with turns.given_away(), turns.taken():
        order.append("had")
    assert order == ["had"]


def test_a_turn_ends_with_an_error_too() -> None:
    turns, order = Turns(), []

    def next_one() -> None:
        with turns.taken():
            order.append("next")

    with pytest.raises(ValueError, match="inside"), turns.taken(), turns.given_away():
        raise ValueError("inside")
    _in_thread(next_one).join(WAIT_SECONDS)
    assert order == ["next"]
