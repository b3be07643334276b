"""The server process: ready line, refusals, and an end that follows its parent."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from delivery.sandbox import lifeline
from delivery.sandbox.emulator import detach

SERVER = [sys.executable, "-m", "delivery.sandbox.server"]
WAIT_SECONDS = 30

# Starts a server, prints its ready line and pid, and waits to be killed.
PARENT = """
import os, subprocess, sys, threading
arguments = [sys.executable, "-m", "delivery.sandbox.server", "--port", "0", *sys.argv[1:]]
arguments = [str(os.getpid()) if argument == "MYSELF" else argument for argument in arguments]
started = []
def start():
    started.append(subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, start_new_session=True))
    print(started[0].stdout.readline().strip(), started[0].pid, flush=True)
thread = threading.Thread(target=start)  # a thread that ends is not a parent that dies
thread.start()
thread.join()
sys.stdin.read()
"""


@pytest.fixture
def parent_of_server() -> Iterator[Callable[..., tuple[subprocess.Popen[str], int]]]:
    """Starts a process that starts a server; whatever is left of either is killed."""
    pids: list[int] = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], int]:
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert parent.stdout is not None
        server_pid = int(parent.stdout.readline().split()[-1])
        pids.extend([parent.pid, server_pid])
        return parent, server_pid

    yield start
    for pid in pids:
        if psutil.pid_exists(pid):
            psutil.Process(pid).kill()


def _wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_a_server_prints_one_ready_line_answers_and_stays_silent() -> None:
    server = subprocess.Popen([*SERVER, "--parent", str(os.getpid())], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.stdout is not None
    endpoint = json.loads(server.stdout.readline())["endpoint"]
    host, port = endpoint.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_SECONDS) as connection:
        connection.sendall(b"GET /moto-api/data.json HTTP/1.0\r\n\r\n")
        assert b" 200 " in connection.recv(64)
    server.terminate()
    output, errors = server.communicate(timeout=WAIT_SECONDS)
    assert host == "127.0.0.1"
    assert (output, errors) == (b"", b"")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "PORT_IN_USE"], "is in use by another program; choose another one, or 0"),
        (["--port", "70000"], "'70000' is not a port, allowed are 0 to 65535"),
        (["--port", "http"], "'http' is not a port, allowed are 0 to 65535"),
    ],
)
def test_a_server_that_cannot_start_says_why_and_exits_with_2(arguments: list[str], message: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        server = subprocess.run(
            [*SERVER, *(port if argument == "PORT_IN_USE" else argument for argument in arguments)],
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    assert server.returncode == 2
    assert message in server.stderr
    assert "Traceback" not in server.stderr
    assert server.stdout == ""


def test_another_moto_version_is_refused_with_one_message(tmp_path: Path) -> None:
    """A distribution of that version shadows the installed one."""
    (tmp_path / "moto-5.2.6.dist-info").mkdir()
    (tmp_path / "moto-5.2.6.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: moto\nVersion: 5.2.6\n")
    server = subprocess.run(
        [*SERVER],
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert server.returncode == 2
    assert server.stderr == (
        "paygate sandbox: moto 5.2.6 is installed, but the gap patches are written for moto 5.2.5 and change its "
        "internals; run `make setup` to install the pinned version\n"
    )


def test_a_server_ends_with_its_parent_even_if_that_is_killed_outright(
    parent_of_server: Callable[..., tuple[subprocess.Popen[str], int]],
) -> None:
    parent, server_pid = parent_of_server("--parent", "MYSELF")
    time.sleep(2 * lifeline.POLL_SECONDS)
    assert psutil.pid_exists(server_pid), "the end of the thread that started it ended the server"
    parent.send_signal(signal.SIGKILL)
    parent.wait(WAIT_SECONDS)
    assert _wait_until_gone(server_pid)


def test_a_detached_server_outlives_its_parent(
    parent_of_server: Callable[..., tuple[subprocess.Popen[str], int]],
) -> None:
    parent, server_pid = parent_of_server("--parent", "MYSELF")
    (connection,) = [found for found in psutil.Process(server_pid).net_connections() if found.status == "LISTEN"]
    detach(f"http://127.0.0.1:{connection.laddr.port}")
    parent.send_signal(signal.SIGKILL)
    parent.wait(WAIT_SECONDS)
    time.sleep(3 * lifeline.POLL_SECONDS)
    assert psutil.Process(server_pid).status() != psutil.STATUS_ZOMBIE


def test_an_orphan_ends_by_polling_where_no_signal_tells_it(
    parent_of_server: Callable[..., tuple[subprocess.Popen[str], int]],
) -> None:
    """The one named is not the parent, as when it was gone before the server could ask for the signal."""
    orphan = subprocess.run(
        [*SERVER, "--parent", str(os.getppid())], capture_output=True, text=True, timeout=WAIT_SECONDS, check=False
    )
    assert (orphan.returncode, orphan.stderr) == (0, "")
