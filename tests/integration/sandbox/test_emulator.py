"""The emulator as the command and the tests use it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from delivery.sandbox import emulator as module
from delivery.sandbox.emulator import Emulator, EmulatorError


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator.start() as emulator:
        yield emulator


def _is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _answers(endpoint: str) -> bool:
    host, port = endpoint.removeprefix("http://").split(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=5):
        return True
    return False


def test_it_answers_until_the_block_ends() -> None:
    with Emulator.start() as emulator:
        assert _answers(emulator.endpoint)
        assert _is_running(emulator.pid)
    assert not _is_running(emulator.pid)
    assert not _answers(emulator.endpoint)
    emulator.stop()  # once more does nothing


def test_it_ends_when_the_block_fails() -> None:
    with pytest.raises(KeyboardInterrupt), Emulator.start() as emulator:
        raise KeyboardInterrupt
    assert not _is_running(emulator.pid)


def test_a_detachable_one_stays_after_the_block_and_logs_to_a_file() -> None:
    with Emulator.start(detachable=True) as emulator:
        pass
    try:
        assert _answers(emulator.endpoint)
        assert emulator.log_file is not None
        assert emulator.log_file.exists()
    finally:
        emulator.stop()
    assert not emulator.log_file.exists()


def test_a_detachable_one_ends_when_the_block_fails() -> None:
    with pytest.raises(KeyboardInterrupt), Emulator.start(detachable=True) as emulator:
        raise KeyboardInterrupt
    assert not _is_running(emulator.pid)
    assert emulator.log_file is not None
    assert not emulator.log_file.exists()


def test_a_server_that_dies_at_start_is_one_error_with_its_last_lines() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmulatorError, match=f"ended at start with exit code 2:\n.*port {port} .* is in use"):
            Emulator.start(port=port)


def test_waiting_for_a_server_is_bounded_and_leaves_no_process() -> None:
    children = set(psutil.Process().children())
    started = time.monotonic()
    with pytest.raises(EmulatorError, match=r"was not ready after 0\.01 s"):
        Emulator.start(timeout_seconds=0.01)
    assert time.monotonic() - started < module.STOP_SECONDS
    assert set(psutil.Process().children()) <= children


def test_the_environment_reaches_the_emulator_and_nothing_else_of_aws(running: Emulator) -> None:
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "company",
        "AWS_SESSION_TOKEN": "secret",
        "AWS_CA_BUNDLE": "/etc/ca.pem",
        "AWS_ENDPOINT_URL_S3": "https://elsewhere",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "HTTPS_PROXY": "http://proxy:3128",
        "no_proxy": "intranet",
    }
    assert running.environment(base, "eu-central-1") == {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy:3128",
        "NO_PROXY": "intranet,127.0.0.1",
        "no_proxy": "intranet,127.0.0.1",
        "AWS_ENDPOINT_URL": running.endpoint,
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def test_a_program_with_that_environment_is_in_the_account_of_the_emulator(running: Emulator) -> None:
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    environment = running.environment({**os.environ, "AWS_PROFILE": "company"}, "us-east-1")
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.strip() == module.ACCOUNT_ID


def test_starting_one_imports_neither_moto_nor_boto3() -> None:
    program = (
        "import sys\n"
        "import delivery.sandbox.emulator\n"
        "print(sorted({'moto', 'boto3', 'botocore', 'werkzeug'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"
