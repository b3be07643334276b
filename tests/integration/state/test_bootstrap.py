"""`paygate bootstrap` in an emulated account: from nothing, after each interruption, and with nothing left to do."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from delivery.aws import clients
from delivery.sandbox.emulator import ACCOUNT_ID, Emulator
from tests.integration.foreign_lock import put_lock

ROOT = Path(__file__).parents[3]
REGION = "us-east-1"
BUCKET = f"paygate-state-{ACCOUNT_ID}-{REGION}"
KEY = "bootstrap/terraform.tfstate"
WAIT_SECONDS = 420
COMMAND = """
import sys
from delivery.cli import main
main.COMMANDS["bootstrap"] = ("delivery.cli.bootstrap:command", "")
{before}
main.main(["bootstrap", *sys.argv[1:]])
"""
# Ends after the apply, before the state moves.
WITHOUT_MOVING = """
from delivery.cli import bootstrap
bootstrap.FINISHING = bootstrap.FINISHING[:1]
"""
# Ends when the state is in the bucket, and its file still here.
WITHOUT_REMOVING = """
from delivery.lifecycle import bootstrapping
def refuse(_folder): raise OSError("the disk is gone")
bootstrapping.shutil = type("shutil", (), {"rmtree": staticmethod(lambda folder, **_: refuse(folder))})
"""


@dataclass(frozen=True)
class Account:
    """An emulated account, and the folder that paygate is run in."""

    folder: Path
    environment: dict[str, str]

    def start(self, *arguments: str, before: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND.format(before=before), *arguments],
            cwd=self.folder,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def bootstrap(self, *arguments: str, before: str = "") -> tuple[int, str]:
        """Exit code and everything that was written."""
        with self.start(*arguments, before=before) as process:
            output, _ = process.communicate(timeout=WAIT_SECONDS)
            return process.returncode, output

    def client(self, service: str) -> Any:
        return clients(self.environment, REGION)(service)

    @property
    def keys(self) -> list[str]:
        return [entry["Key"] for entry in self.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    @property
    def file(self) -> Path:
        return self.folder / ".paygate" / "bootstrap" / BUCKET / "terraform.tfstate"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    cache = ROOT / ".paygate" / "cache"  # of provider schemas, which take a minute to read
    cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / ".paygate").mkdir()
    (tmp_path / ".paygate" / "cache").symlink_to(cache)
    with Emulator.start() as emulator:
        yield Account(tmp_path, emulator.environment(os.environ, REGION))


def test_an_account_is_bootstrapped_through_every_interruption_and_then_has_nothing_left_to_do(
    account: Account,
) -> None:
    code, output = account.bootstrap("--yes", before=WITHOUT_MOVING)
    assert code == 0, output
    assert f"state in {account.file}" in output
    assert "create   aws_s3_bucket.state" in output
    assert account.file.is_file()
    assert account.keys == []

    code, output = account.bootstrap("--yes", before=WITHOUT_REMOVING)
    assert code == 2, output
    assert "bootstrap move the state failed: OSError: the disk is gone" in output
    assert account.keys == [KEY]
    assert account.file.is_file()

    code, output = account.bootstrap("--yes")
    assert code == 0, output
    assert f"state in {BUCKET}" in output
    assert "lacks nothing of" in output
    assert not account.file.exists()

    code, output = account.bootstrap("--yes")
    assert code == 0, output
    assert "bootstrap plan" in output
    assert "0 changes" in output, output
    assert "is there already" in output
    assert account.keys == [KEY]
    state = json.loads(account.client("s3").get_object(Bucket=BUCKET, Key=KEY)["Body"].read())
    assert len([entry for entry in state["resources"] if entry["mode"] == "managed"]) == 26
    assert sorted(path.name for path in (account.folder / ".paygate").iterdir()) == ["bootstrap", "cache", "runs"]
    role = account.client("iam").get_role(RoleName="paygate-ci")["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/paygate-ci-boundary")

    put_lock(account.client("s3"), BUCKET, KEY)
    code, output = account.bootstrap("--yes")
    assert code == 2, output
    assert "the state is locked; found eve@elsewhere, since 2026-11-26T09:00:00Z, lock id 1-2" in output
    assert "bootstrap.yaml --break-lock" in output
    code, output = account.bootstrap("--yes", "--break-lock")
    assert code == 0, output
    assert "(id 1-2); broken" in output
    assert account.keys == [KEY]


def test_a_bootstrap_that_was_told_to_stop_in_the_middle_goes_on_in_the_next_run(account: Account) -> None:
    with account.start("--yes") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("start") and "bootstrap apply" in line:
                break
        time.sleep(8.0)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 128 + signal.SIGTERM, output
    assert account.file.is_file()

    code, output = account.bootstrap("--yes")
    assert code == 0, output
    assert account.keys == [KEY]
    assert not account.file.exists()


def test_a_bucket_that_nobodys_state_knows_is_left_alone(account: Account) -> None:
    account.client("s3").create_bucket(Bucket=BUCKET)
    code, output = account.bootstrap("--yes")
    assert code == 2
    assert f"{BUCKET}: the state bucket exists, and no state says that bootstrap made it" in output
    assert "Traceback" not in output
    assert account.keys == []


def test_nobody_is_asked_where_nobody_can_answer(account: Account) -> None:
    code, output = account.bootstrap()
    assert code == 2
    assert "Say --yes to apply without asking" in output


def test_settings_that_are_refused_name_the_place(account: Account) -> None:
    file = account.folder / "wrong.yaml"
    good = (ROOT / "environments" / "bootstrap.yaml").read_text()
    file.write_text(good.replace("branches: [main]", 'branches: ["*"]'))
    code, output = account.bootstrap("--yes", "--settings", str(file))
    assert code == 2
    assert "github.branches[0]: is malformed" in output
    assert "a whole name: a * would let others in" in output
