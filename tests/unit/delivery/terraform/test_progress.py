"""Progress is a fold over the events of an apply."""

from functools import reduce

from delivery.terraform.events import Diagnostic, Event, Failed, Finished, Planned, Refreshed, Started
from delivery.terraform.progress import Progress, advance


def after(*events: Event) -> Progress:
    return reduce(lambda progress, timed: advance(progress, timed[1], float(timed[0])), enumerate(events), Progress())


def test_the_total_is_the_number_of_planned_operations() -> None:
    assert after(Planned("a.a", "create"), Planned("b.b", "replace"), Planned("c.c", "noop")).total == 3


def test_what_started_is_in_flight_until_it_ends_and_the_first_to_start_waits_longest() -> None:
    started = (Started("a.a", "create"), Started("b.b", "create"), Started("c.c", "create"))
    assert after(*started).longest_waiting == ("a.a", 0.0)
    progress = after(*started, Finished("a.a", "create", 1), Failed("c.c", "create", 1))
    assert (progress.done, progress.failed, dict(progress.in_flight)) == (1, 1, {"b.b": 1.0})
    assert progress.longest_waiting == ("b.b", 1.0)


def test_nothing_waits_when_nothing_is_in_flight() -> None:
    assert after(Started("a.a", "create"), Finished("a.a", "create", 1)).longest_waiting is None


def test_refreshed_resources_are_counted_and_diagnostics_change_nothing() -> None:
    assert after(Refreshed("a.a"), Diagnostic("warning", "hm"), Refreshed("b.b")) == Progress(refreshed=2)
