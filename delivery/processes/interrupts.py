"""One answer to Ctrl-C, SIGTERM and a closed terminal: stop everything that runs, then leave with 128 + signal."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(BaseException):
    """The user or the system asked us to stop. Not an `Exception`: no `except Exception` may swallow it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"interrupted by {signal.Signals(signal_number).name}")
        self.signal_number = signal_number

    @property
    def exit_code(self) -> int:
        """The shell's convention for a command that a signal ended."""
        return 128 + self.signal_number


class Cancellation:
    """Tells worker threads, which no signal reaches, that they must stop."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._signal_number = signal.SIGINT

    def cancel(self, signal_number: int = signal.SIGINT) -> None:
        self._signal_number = signal.Signals(signal_number)
        self._event.set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raises `Interrupted` once `cancel` was called."""
        if self.cancelled:
            raise Interrupted(self._signal_number)


@contextmanager
def cancel_on_signals() -> Iterator[Cancellation]:
    """Within the block the first SIGINT, SIGTERM or SIGHUP cancels and raises `Interrupted` in the main thread.

    Later ones do nothing: the cleaning up that the first began is bounded in time and must not be broken off.
    SIGHUP stays ignored where the caller ignores it (nohup).
    """
    cancellation = Cancellation()

    def stop(signal_number: int, _frame: FrameType | None) -> None:
        if not cancellation.cancelled:
            cancellation.cancel(signal_number)
            raise Interrupted(signal_number)

    handled = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        handled.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in handled}
    try:
        yield cancellation
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
