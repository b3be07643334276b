"""A program never outlives its caller: not at Ctrl-C, not at a timeout, not when the caller is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from delivery.processes.interrupts import Cancellation, Interrupted, cancel_on_signals
from delivery.processes.supervised import TimedOutError, run_supervised

# A program that starts a grandchild and tells both ids; `deaf` ones survive SIGINT, as provider plugins do.
FAMILY = """
import os, signal, subprocess, sys, time
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "300"])
print(os.getpid(), child.pid, flush=True)
time.sleep(300)
"""


def family(kind: str = "polite") -> list[str]:
    return [sys.executable, "-c", FAMILY, kind]


def run(command: list[str], **options: object) -> object:
    settings = {"cwd": Path.cwd(), "environment": os.environ, "timeout_seconds": 20.0, "grace_seconds": 0.5}
    return run_supervised(command, **(settings | options))  # type: ignore[arg-type]


def wait_until_gone(pids: list[int], seconds: float = 5.0) -> list[int]:
    """The ids that still run after `seconds`; a zombie whose parent is slow to reap it does not run."""
    deadline = time.monotonic() + seconds
    while any(_runs(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [pid for pid in pids if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_lines_arrive_in_order_and_the_exit_code_and_stderr_are_kept() -> None:
    lines: list[str] = []
    completed = run(
        [sys.executable, "-c", "import sys; print('a'); print('b'); print('why', file=sys.stderr); sys.exit(7)"],
        on_line=lines.append,
    )
    assert (lines, completed.exit_code, completed.stderr) == (["a\n", "b\n"], 7, "why\n")


def test_a_line_longer_than_any_buffer_arrives_whole() -> None:
    lines: list[str] = []
    run([sys.executable, "-c", "print('x' * 3_000_000)"], on_line=lines.append)
    assert [len(line) for line in lines] == [3_000_001]


def test_a_program_that_a_signal_ended_has_the_exit_code_a_shell_gives_it() -> None:
    assert run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]).exit_code == 137


def test_a_program_that_does_not_exist_is_reported_as_a_shell_does() -> None:
    completed = run(["no-such-program"])
    assert completed.exit_code == 127
    assert "no-such-program" in completed.stderr


@pytest.mark.parametrize("kind", ["polite", "deaf"])
def test_a_timeout_ends_the_program_and_its_children(kind: str) -> None:
    pids: list[int] = []
    with pytest.raises(TimedOutError):
        run(family(kind), timeout_seconds=1.0, on_line=lambda line: pids.extend(map(int, line.split())))
    assert len(pids) == 2
    assert wait_until_gone(pids) == []


def test_cancelling_from_another_thread_ends_the_program_and_its_children() -> None:
    pids: list[int] = []
    cancellation = Cancellation()

    def note_and_cancel(line: str) -> None:
        pids.extend(map(int, line.split()))
        threading.Timer(0.1, cancellation.cancel).start()

    with pytest.raises(Interrupted):
        run(family(), cancellation=cancellation, on_line=note_and_cancel)
    assert wait_until_gone(pids) == []


def test_a_child_that_outlives_its_program_is_swept_away() -> None:
    pids: list[int] = []
    orphan = "import subprocess; print(subprocess.Popen(['sleep', '300'], stdout=2).pid)"
    completed = run([sys.executable, "-c", orphan], on_line=lambda line: pids.append(int(line)))
    assert completed.exit_code == 0
    assert wait_until_gone(pids) == []


CALLER = """
import os, sys
from pathlib import Path
from delivery.processes.interrupts import Interrupted, cancel_on_signals
from delivery.processes.supervised import run_supervised
try:
    with cancel_on_signals() as cancellation:
        run_supervised(sys.argv[1:], cwd=Path.cwd(), environment=os.environ, timeout_seconds=60, grace_seconds=0.5,
                       cancellation=cancellation, on_line=lambda line: print(line, end="", flush=True))
except Interrupted as interrupted:
    sys.exit(interrupted.exit_code)
"""


@pytest.mark.parametrize("kind", ["polite", "deaf"])
@pytest.mark.parametrize(
    ("number", "exit_code"),
    [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_the_death_of_the_caller_ends_the_program_and_its_children(
    kind: str, number: signal.Signals, exit_code: int
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CALLER, *family(kind)], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as caller:
        assert caller.stdout is not None
        pids = [int(word) for word in caller.stdout.readline().split()]
        caller.send_signal(number)
        assert caller.wait(10) == exit_code
    assert len(pids) == 2
    assert wait_until_gone(pids) == []


def test_a_second_signal_does_not_break_off_the_cleaning_up() -> None:
    steps: list[str] = []

    def be_interrupted_twice() -> None:
        with cancel_on_signals() as cancellation:
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(5)
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.05)
                steps.append(f"cleaned up, cancelled: {cancellation.cancelled}")

    with pytest.raises(Interrupted) as interrupted:
        be_interrupted_twice()
    assert steps == ["cleaned up, cancelled: True"]
    assert interrupted.value.exit_code == 143
