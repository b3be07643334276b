"""What a run shows while it works: a live table on a terminal, plain lines where nobody watches (pipes, CI)."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from delivery.lifecycle.deployment import Status, StepResult
from delivery.terraform.events import Event
from delivery.terraform.progress import Progress, advance

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

LINE_EVERY_OPERATIONS = 25
LINE_EVERY_SECONDS = 15.0
REFRESH_PER_SECOND = 4
BAR_WIDTH = 24


@dataclass
class Row:
    """A step that is running: since when (seconds of a monotonic clock) and how far it has come."""

    platform: str
    step: str
    began: float
    progress: Progress = field(default_factory=Progress)

    @property
    def name(self) -> str:
        return f"{self.platform} {self.step}".strip()


def describe(progress: Progress, now: float) -> str:
    """`41 of 154, 3 failed, 12 in flight, aws_lb.main for 43 s`; empty when there is nothing to tell yet."""
    parts = []
    if progress.total:
        parts.append(f"{progress.done} of {progress.total}")
    elif progress.refreshed:
        parts.append(f"{progress.refreshed} read")
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    longest = progress.longest_waiting
    if longest:
        parts.append(f"{len(progress.in_flight)} in flight")
        parts.append(f"{longest[0]} for {now - longest[1]:.0f} s")
    return ", ".join(parts)


def ended_line(result: StepResult) -> str:
    """One line about a step that ended."""
    mark = "ok    " if result.status is Status.PASSED else "FAILED"
    return "  ".join(part for part in (mark, f"{result.seconds:6.1f} s", result.name, result.outcome.note) if part)


class PlainDisplay:
    """Lines only: one when a step starts, one every so many operations or seconds, one when it ends."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._lock = threading.Lock()
        self._rows: dict[str, Row] = {}
        self._last: dict[str, tuple[int, float]] = {}  # platform -> operations and time at its last line

    def step_started(self, platform: str, step: str) -> None:
        with self._lock:
            row = self._rows[platform] = Row(platform, step, self._clock())
            self._last[platform] = (0, row.began)
            self._say(f"start           {row.name}")

    def step_ended(self, result: StepResult) -> None:
        with self._lock:
            self._rows.pop(result.platform, None)
            self._say(ended_line(result))

    def event(self, platform: str, event: Event) -> None:
        with self._lock:
            row, now = self._rows.get(platform), self._clock()
            if row is None:
                return
            row.progress = advance(row.progress, event, now)
            operations, said = self._last[platform]
            due = row.progress.done - operations >= LINE_EVERY_OPERATIONS or now - said >= LINE_EVERY_SECONDS
            if due and (text := describe(row.progress, now)):
                self._last[platform] = (row.progress.done, now)
                self._say(f"...   {now - row.began:6.1f} s  {row.name}  {text}")

    def hidden(self) -> AbstractContextManager[None]:
        """Nothing to hide: lines stay where they are."""
        return nullcontext()

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class LiveDisplay:
    """A table of what is running, redrawn in place; what has ended scrolls away above it."""

    def __init__(self, console: "Console", clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._lock = threading.Lock()
        self._rows: dict[str, Row] = {}
        self.live: Live | None = None

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """No table within the block, so that a question can be asked."""
        if self.live is None:
            yield
            return
        self.live.stop()
        try:
            yield
        finally:
            self.live.start(refresh=True)

    def step_started(self, platform: str, step: str) -> None:
        with self._lock:
            self._rows[platform] = Row(platform, step, self._clock())

    def step_ended(self, result: StepResult) -> None:
        with self._lock:
            self._rows.pop(result.platform, None)
        colour = "green" if result.status is Status.PASSED else "red"
        self._console.print(ended_line(result), style=colour, markup=False, highlight=False)

    def event(self, platform: str, event: Event) -> None:
        with self._lock:
            row = self._rows.get(platform)
            if row is not None:
                row.progress = advance(row.progress, event, self._clock())

    def __rich__(self) -> "Table":
        """The table as it is now; rich asks for it on each redraw."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(width=BAR_WIDTH)
        table.add_column(no_wrap=True, overflow="ellipsis")
        with self._lock:
            now = self._clock()
            for row in self._rows.values():
                bar = ProgressBar(
                    total=row.progress.total or None,
                    completed=row.progress.done,
                    width=BAR_WIDTH,
                    pulse=not row.progress.total,
                    animation_time=now,
                )
                table.add_row(f"{now - row.began:.0f} s", row.name, bar, Text(describe(row.progress, now)))
        return table


@contextmanager
def show_progress(environment: Mapping[str, str] = os.environ) -> Iterator[PlainDisplay | LiveDisplay]:
    """The display that fits where stdout goes."""
    if not sys.stdout.isatty() or environment.get("CI") or environment.get("TERM") == "dumb":
        yield PlainDisplay(sys.stdout)
        return
    from rich.console import Console
    from rich.live import Live

    console = Console()
    display = LiveDisplay(console)
    with Live(display, console=console, refresh_per_second=REFRESH_PER_SECOND, transient=True) as display.live:
        yield display
