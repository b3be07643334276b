"""Two servers per test session: the emulator with its patches, and plain moto, which shows that the gaps exist."""

import functools
import http.client
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from delivery.sandbox.emulator import ACCOUNT_ID, Emulator

REGION = "us-east-1"
START_SECONDS = 60


@dataclass(frozen=True)
class Account:
    """An empty AWS account behind an endpoint."""

    endpoint: str

    def client(self, service: str, region: str = REGION) -> Any:
        return _client(self.endpoint, service, region)


@functools.cache
def _client(endpoint: str, service: str, region: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=ACCOUNT_ID,
        aws_secret_access_key="sandbox",
        # One attempt: an answer 500 is a finding, not bad luck. No host prefix: `data-127.0.0.1` resolves nowhere.
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
    )


def _emptied(endpoint: str) -> Account:
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=30)
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()
    return Account(endpoint)


@pytest.fixture
def emptied() -> Callable[[str], Account]:
    """Empties the account behind an endpoint."""
    return _emptied


@pytest.fixture(scope="session")
def emulator_endpoint() -> Iterator[str]:
    with Emulator.start() as emulator:
        yield emulator.endpoint


@pytest.fixture
def emulator(emulator_endpoint: str) -> Account:
    """The patched emulator, emptied."""
    return _emptied(emulator_endpoint)


@pytest.fixture(scope="session")
def plain_moto_endpoint() -> Iterator[str]:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    )
    try:
        _wait_for_banner(process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(START_SECONDS)


@pytest.fixture
def plain_moto(plain_moto_endpoint: str) -> Account:
    """moto as it comes, emptied."""
    return _emptied(plain_moto_endpoint)


@pytest.fixture
def unused_endpoint() -> Account:
    """An endpoint where nothing listens."""
    return Account(f"http://127.0.0.1:{_free_port()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_banner(process: subprocess.Popen[bytes]) -> None:
    """moto says on stderr where it listens; afterwards a thread empties the pipe."""
    assert process.stderr is not None
    readable, _, _ = select.select([process.stderr], [], [], START_SECONDS)
    assert readable, "plain moto did not start"
    assert os.read(process.stderr.fileno(), 4096), "plain moto ended at start"
    threading.Thread(target=process.stderr.read, daemon=True).start()
