"""Runs one command so that nothing it started outlives whoever asked for it.

Started as `python -I -S supervisor.py GRACE_SECONDS COMMAND...` in a session of its own; the caller holds the other end
of its standard input. The caller's death, even by SIGKILL, closes that pipe: the command gets SIGINT, which terraform
answers by writing its state and stopping, and after the grace time the whole process group gets SIGKILL, which takes
provider plugins and whatever else the command left. Standard library only, and few modules of it: every terraform call
pays for this start.
"""

import os
import select
import signal
import subprocess
import sys
import time

COULD_NOT_START = 127


def main(arguments: list[str]) -> int:
    """Run the command; its exit code, or 128 + N where signal N ended it."""
    grace_seconds, command = float(arguments[0]), arguments[1:]
    # Handlers, not SIG_IGN: an ignored signal would stay ignored in the command, a handler is reset by exec.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    wake_up, wake_up_writer = os.pipe()
    os.set_blocking(wake_up_writer, False)
    signal.set_wakeup_fd(wake_up_writer, warn_on_full_buffer=False)
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        print(f"cannot start {command[0]}: {error.strerror}", file=sys.stderr)
        return COULD_NOT_START
    watched = [sys.stdin.fileno(), wake_up]
    kill_at: float | None = None
    while child.poll() is None:
        timeout_seconds = None if kill_at is None else max(0.0, kill_at - time.monotonic())
        ready, _, _ = select.select(watched, [], [], timeout_seconds)
        if wake_up in ready:
            os.read(wake_up, 512)
        if sys.stdin.fileno() in ready:  # nobody ever writes: readable means the caller is gone
            watched.remove(sys.stdin.fileno())
            kill_at = time.monotonic() + grace_seconds
            os.killpg(0, signal.SIGINT)
        if kill_at is not None and time.monotonic() >= kill_at:
            os.killpg(0, signal.SIGKILL)
    if kill_at is not None:
        os.killpg(0, signal.SIGKILL)  # the caller would have swept the group; it is gone, so we do, ourselves included
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
