"""End this process when the one that started it is gone, even if that one was killed outright.

Only the standard library, so that a process can tie itself to its parent before it imports anything slow.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from types import FrameType

POLL_SECONDS = 0.5
PR_SET_PDEATHSIG = 1  # linux/prctl.h


_released = threading.Event()


def release() -> None:
    """From now on this process outlives its parent."""
    _released.set()


def end_with(parent_pid: int) -> None:
    """Exit silently (code 0) as soon as `parent_pid` is no longer the parent of this process.

    Linux tells us at once (prctl PR_SET_PDEATHSIG). That signal also comes when only the THREAD that started us ends,
    so it is a reason to look, never a reason to die. Every POSIX system gives an orphan a new parent, which the polling
    thread sees within POLL_SECONDS, whatever happens to signals.
    """

    def exit_if_orphaned(_signal: int = 0, _frame: FrameType | None = None) -> None:
        if os.getppid() != parent_pid and not _released.is_set():
            os._exit(0)  # a clean exit would wait for request threads that nobody is going to answer

    def poll() -> None:
        while True:
            exit_if_orphaned()
            time.sleep(POLL_SECONDS)

    if sys.platform == "linux":
        signal.signal(signal.SIGHUP, exit_if_orphaned)
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGHUP)
    threading.Thread(target=poll, name="lifeline", daemon=True).start()
