"""Start, reach and stop the emulator from the command and from tests; imports neither moto nor boto3."""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

ACCOUNT_ID = "123456789012"  # the account of everything in the emulator, and AWS's own example
STOP_SECONDS = 5.0
DETACH_SECONDS = 10.0
DETACH_PATH = "/paygate/detach"
LAST_LINES = 15
TAIL_BYTES = 16384


class EmulatorError(Exception):
    """The emulator could not be started; the message is for the user."""


class Emulator:
    """A running emulator. `with Emulator.start() as emulator:` stops it at the end, whatever happens.

    endpoint: `http://127.0.0.1:PORT`; pid: of the server process; log_file: only when it may be detached.
    A detachable emulator survives a `with` block that ends well; it ends with this process all the same until `detach`
    is called with its endpoint, and is then stopped by its pid.
    """

    def __init__(self, process: subprocess.Popen[bytes], endpoint: str, log: IO[bytes], log_file: Path | None) -> None:
        self._process = process
        self._log = log
        self.endpoint = endpoint
        self.pid = process.pid
        self.log_file = log_file

    @classmethod
    def start(cls, port: int = 0, timeout_seconds: float = 60.0, detachable: bool = False) -> Self:
        """Start a server and wait until it answers; port 0 takes a free one.

        EmulatorError, and no process left, when it ends at start or is not ready after `timeout_seconds`.
        """
        log, log_file = _open_log(detachable)
        process = subprocess.Popen(
            [sys.executable, "-m", "delivery.sandbox.server", "--port", str(port), "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_without_aws(os.environ),
            start_new_session=True,  # Ctrl-C is for terraform and us; terraform still needs the server to finish
        )
        try:
            return cls(process, _wait_until_ready(process, log, timeout_seconds), log, log_file)
        except BaseException:
            _end(process)
            log.close()
            if log_file:
                log_file.unlink(missing_ok=True)
            raise

    def environment(self, base: Mapping[str, str], region: str) -> dict[str, str]:
        """`base` for a program that shall reach this emulator and nothing else of AWS.

        No AWS_* of the user survives (profiles, tokens, CA bundles, endpoints), nor do the files in ~/.aws. Proxies
        stay, for the Terraform registry, but are not used for loopback.
        """
        return {
            **_without_aws(base),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCOUNT_ID,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": _no_proxy(base),
            "no_proxy": _no_proxy(base),
        }

    def last_lines(self) -> str:
        """The end of what the server wrote, which is tracebacks of requests that it could not answer; often empty."""
        return _last_lines(self._log)

    def stop(self) -> None:
        """End the server, wait for it, and remove its log file; does nothing when it has ended already."""
        _end(self._process)
        if self.log_file:
            self.log_file.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.log_file is None or error is not None:
            self.stop()
        self._log.close()


def detach(endpoint: str) -> None:
    """Let the emulator at this endpoint outlive the process that started it. OSError when it does not answer."""
    request = urllib.request.Request(f"{endpoint}{DETACH_PATH}", method="POST")  # noqa: S310  (loopback, http)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=DETACH_SECONDS):
        pass


def _open_log(detachable: bool) -> tuple[IO[bytes], Path | None]:
    """An unnamed file that goes with us, or, for a server that stays, one that its user can read."""
    if not detachable:
        return tempfile.TemporaryFile(), None
    handle, name = tempfile.mkstemp(prefix="paygate-emulator-", suffix=".log")
    return os.fdopen(handle, "w+b"), Path(name)


def _wait_until_ready(process: subprocess.Popen[bytes], log: IO[bytes], timeout_seconds: float) -> str:
    """The endpoint, from the one line that a ready server prints."""
    assert process.stdout is not None  # noqa: S101  # we asked for the pipe
    deadline = time.monotonic() + timeout_seconds
    line = b""
    with process.stdout as stdout:
        while not line.endswith(b"\n"):
            readable, _, _ = select.select([stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not readable:
                raise EmulatorError(f"the emulator was not ready after {timeout_seconds:g} s{_quoted(log)}")
            piece = os.read(stdout.fileno(), 4096)
            if not piece:
                code = process.wait(STOP_SECONDS)
                raise EmulatorError(f"the emulator ended at start with exit code {code}{_quoted(log)}")
            line += piece
    endpoint: str = json.loads(line)["endpoint"]
    return endpoint


def _last_lines(log: IO[bytes]) -> str:
    """Read without moving the offset, which the server shares with us."""
    size = os.fstat(log.fileno()).st_size
    tail = os.pread(log.fileno(), TAIL_BYTES, max(0, size - TAIL_BYTES)).decode(errors="replace")
    return "\n".join(tail.strip().splitlines()[-LAST_LINES:])


def _quoted(log: IO[bytes]) -> str:
    lines = _last_lines(log)
    return f":\n{lines}" if lines else " and said nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    for signal_process in (process.terminate, process.kill):
        if process.poll() is not None:
            return
        signal_process()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


def _without_aws(base: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in base.items() if not name.startswith("AWS_")}


def _no_proxy(base: Mapping[str, str]) -> str:
    """Go and Python read either spelling; loopback is added to what the user has."""
    named = base.get("NO_PROXY") or base.get("no_proxy") or ""
    return ",".join([part for part in named.split(",") if part] + ["127.0.0.1"])
