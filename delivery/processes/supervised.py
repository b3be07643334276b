"""Run a program to its end: line by line, bounded in time, and with nothing left of it whatever happens to us.

The program runs under `supervisor.py` in a session of its own, so a Ctrl-C in the terminal reaches only us; we pass it
on as one SIGINT, and as SIGKILL to the whole process group when the grace time is over.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from delivery.processes.interrupts import Cancellation

SUPERVISOR = Path(__file__).with_name("supervisor.py")
POLL_SECONDS = 0.05
DRAIN_SECONDS = 5.0  # the dead group's pipes are at their end; this only bounds a surprise


class TimedOutError(Exception):
    """The program was stopped because it ran longer than it may."""

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(f"stopped after {timeout_seconds:g} seconds")
        self.timeout_seconds = timeout_seconds


@dataclass(frozen=True)
class Completed:
    """What a program left: its exit code (128 + N where signal N ended it) and all it wrote to stderr."""

    exit_code: int
    stderr: str


def _ignore(_line: str) -> None:
    """The default for callers that want no lines."""


def run_supervised(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    timeout_seconds: float,
    grace_seconds: float = 5.0,
    cancellation: Cancellation | None = None,
    on_line: Callable[[str], None] = _ignore,
) -> Completed:
    """Run `command`, handing each line of its stdout to `on_line` in this thread as it appears.

    Raises `TimedOutError`, and `Interrupted` when `cancellation` is cancelled; in both cases, as in any other
    exception, the program got SIGINT, then after `grace_seconds` SIGKILL, and is gone when this returns.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(SUPERVISOR), str(grace_seconds), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=dict(environment),
        text=True,
        errors="replace",
        start_new_session=True,
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    stderr_parts: list[str] = []
    readers = [
        threading.Thread(target=_read, args=(process.stdout, lines.put), daemon=True),
        threading.Thread(target=_read, args=(process.stderr, stderr_parts.append), daemon=True),
    ]
    deadline = time.monotonic() + timeout_seconds
    try:
        for reader in readers:
            reader.start()
        while process.poll() is None:
            _hand_over(lines, on_line, wait_seconds=POLL_SECONDS)
            if cancellation:
                cancellation.raise_if_cancelled()
            if time.monotonic() > deadline:
                raise TimedOutError(timeout_seconds)
    except BaseException:
        _stop(process, grace_seconds)
        raise
    finally:
        exit_code = _sweep(process)
        for reader in readers:
            reader.join(DRAIN_SECONDS)
    _hand_over(lines, on_line, wait_seconds=0)
    return Completed(exit_code, "".join(stderr_parts))


def _read(stream: IO[str] | None, accept: Callable[[str], None]) -> None:
    if stream is not None:
        with stream:
            for line in stream:
                accept(line)


def _hand_over(lines: "queue.SimpleQueue[str]", on_line: Callable[[str], None], wait_seconds: float) -> None:
    """Pass on every line that is there; wait for the first one at most `wait_seconds`."""
    try:
        line = lines.get(timeout=wait_seconds) if wait_seconds else lines.get_nowait()
        while True:
            on_line(line)
            line = lines.get_nowait()
    except queue.Empty:
        return


def _stop(process: "subprocess.Popen[str]", grace_seconds: float) -> None:
    """SIGINT to the group; returns when the program has ended or the grace time is over."""
    _signal_group(process.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace_seconds)


def _sweep(process: "subprocess.Popen[str]") -> int:
    """SIGKILL whatever is left of the group (a provider plugin whose terraform crashed), then the exit code.

    A group's id is not given to a new process while a member of it lives, so this hits nobody else.
    """
    _signal_group(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    code = process.wait()
    return code if code >= 0 else 128 - code


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left; macOS says EPERM of zombies
        os.killpg(group, number)
