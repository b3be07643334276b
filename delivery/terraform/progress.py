"""How far an apply or destroy has come, folded from its events. Pure; the clock is passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from delivery.terraform.events import Event, Failed, Finished, Planned, Refreshed, Started


@dataclass(frozen=True)
class Progress:
    """Counts of operations; `in_flight` maps what is being worked on now to the time (seconds) it began."""

    total: int = 0
    done: int = 0
    failed: int = 0
    refreshed: int = 0
    in_flight: Mapping[str, float] = field(default_factory=dict)

    @property
    def longest_waiting(self) -> tuple[str, float] | None:
        """The operation in flight that began first, and when."""
        return min(self.in_flight.items(), key=lambda item: item[1]) if self.in_flight else None


def advance(progress: Progress, event: Event, now_seconds: float) -> Progress:
    """The progress after one more event."""
    match event:
        case Planned():
            return replace(progress, total=progress.total + event.operations)
        case Refreshed():
            return replace(progress, refreshed=progress.refreshed + 1)
        case Started():
            return replace(progress, in_flight={**progress.in_flight, event.address: now_seconds})
        case Finished() | Failed():
            waiting = {address: began for address, began in progress.in_flight.items() if address != event.address}
            return replace(
                progress,
                done=progress.done + isinstance(event, Finished),
                failed=progress.failed + isinstance(event, Failed),
                in_flight=waiting,
            )
        case _:
            return progress
