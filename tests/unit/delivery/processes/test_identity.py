"""A process is stopped only if it is still the one that was meant."""

import os
import subprocess
import sys

import psutil
import pytest

from delivery.processes.identity import ProcessIdentity

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


def test_a_running_process_is_alive_until_it_is_stopped_and_stopping_it_again_does_nothing() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        identity = ProcessIdentity.of(process.pid)
        assert identity.alive
        identity.stop()
        assert not identity.alive
        identity.stop()


def test_a_process_that_ignores_sigterm_is_killed_when_the_grace_time_is_over() -> None:
    with subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        identity = ProcessIdentity.of(process.pid)
        identity.stop(grace_seconds=0.2)
        assert not identity.alive


def test_another_process_with_the_same_id_is_not_taken_for_it() -> None:
    stranger = ProcessIdentity(os.getpid(), ProcessIdentity.of(os.getpid()).started - 1000)
    assert not stranger.alive
    stranger.stop()  # we are still here


def test_a_process_that_is_not_there_has_no_identity() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    with pytest.raises(psutil.NoSuchProcess):
        ProcessIdentity.of(process.pid)
