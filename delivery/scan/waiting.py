"""Asks about images again and again, until no scan is under way or the time is up."""

import time
from collections.abc import Callable, Sequence

from delivery.processes.interrupts import Cancellation
from delivery.scan.answer import Scan, State
from delivery.scan.images import Image

POLL_SECONDS = 5.0
NOTICE_SECONDS = 0.2  # how soon a cancellation is noticed


def wait_for_scans(
    ask: Callable[[Image], Scan],
    images: Sequence[Image],
    wait_seconds: float,
    pause: Callable[[float], None],
    clock: Callable[[], float] = time.monotonic,
    poll_seconds: float = POLL_SECONDS,
) -> dict[Image, Scan]:
    """The last answer about each image. Every image is asked about once at least, and once more when time is up."""
    deadline = clock() + wait_seconds
    scans = {image: ask(image) for image in images}
    while waiting := [image for image, scan in scans.items() if scan.state is State.WAITING]:
        left = deadline - clock()
        if left <= 0:
            break
        pause(min(poll_seconds, left))
        scans |= {image: ask(image) for image in waiting}
    return scans


def pausing(cancellation: Cancellation | None) -> Callable[[float], None]:
    """A sleep that raises `Interrupted` soon after the run is cancelled."""

    def pause(seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if cancellation is not None:
                cancellation.raise_if_cancelled()
            time.sleep(min(NOTICE_SECONDS, left))

    return pause
