"""`paygate deploy` and `destroy`, and what they refuse, on a tiny stack in an emulator that was started before."""

import json
import os
import pty
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from delivery.aws import clients
from delivery.sandbox.emulator import ACCOUNT_ID, Emulator
from delivery.sandbox.prerequisites import StateBucket, put_into
from tests.integration.foreign_lock import put_lock
from tests.integration.lifecycle.tiny import TinyProject, sleeping

FAST = {"a": {"input": "x"}, "b": {"input": "${terraform_data.a.output}"}}
FAILING = FAST | {"c": {"provisioner": [{"local-exec": {"command": "exit 3"}}]}}
REGION = "us-east-1"
BUCKET = f"paygate-state-{ACCOUNT_ID}-{REGION}"
STACK = ("--settings", "tiny.yaml", "--suffix", "p1")
STATE_KEY = "tiny-p1/terraform.tfstate"
LOCK_KEY = f"{STATE_KEY}.tflock"
WAIT_SECONDS = 60


@dataclass(frozen=True)
class Account:
    """An emulated account, and a project that delivers to it."""

    project: TinyProject
    environment: dict[str, str]

    def paygate(self, *arguments: str, **variables: str | None) -> "subprocess.CompletedProcess[str]":
        """variables: on top of the environment of the account; None takes one away."""
        environment = {**self.environment, **variables}
        return subprocess.run(
            self.project.command(*arguments),
            cwd=self.project.folder,
            env=self.project.environment({name: value for name, value in environment.items() if value is not None}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )

    def type_to(self, answer: str, *arguments: str) -> tuple[int, str]:
        """Run a command on a terminal and answer its question; exit code and what it wrote."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            self.project.command(*arguments),
            cwd=self.project.folder,
            env=self.project.environment({**self.environment, "CI": "true"}),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            os.write(ours, f"{answer}\n".encode())
            output, _ = process.communicate(timeout=WAIT_SECONDS)
        os.close(ours)
        os.close(theirs)
        return process.returncode, output

    @property
    def resources(self) -> list[str]:
        """What the state in the bucket holds."""
        s3 = clients(self.environment, REGION)("s3")
        state = json.load(s3.get_object(Bucket=BUCKET, Key=STATE_KEY)["Body"])
        return [resource["name"] for resource in state["resources"]]

    @property
    def keys(self) -> list[str]:
        answer = clients(self.environment, REGION)("s3").list_objects_v2(Bucket=BUCKET)
        return [entry["Key"] for entry in answer.get("Contents", [])]

    @property
    def run_folders(self) -> list[Path]:
        return sorted((self.project.folder / ".paygate" / "runs").glob("*"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator.start() as running:
        yield running


@pytest.fixture
def account(emulator: Emulator, tmp_path: Path) -> Account:
    """With an empty state bucket."""
    environment = emulator.environment(os.environ, REGION)
    put_into(emulator, [StateBucket(BUCKET, REGION)])
    s3 = clients(environment, REGION)("s3")
    for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=entry["Key"])
    return Account(TinyProject.make(tmp_path, FAST), environment)


def test_a_stack_is_deployed_its_state_is_in_the_bucket_and_it_is_destroyed(account: Account) -> None:
    deployed = account.paygate("deploy", *STACK, "--yes")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert deployed.stdout.endswith("\npassed\n")
    assert account.resources == ["a", "b"]
    assert not any(key.endswith(".tflock") for key in account.keys)
    assert account.run_folders == []
    destroyed = account.paygate("destroy", *STACK, "--yes")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    assert account.keys == []
    assert "tiny destroy  2 resources" in destroyed.stdout
    assert "tiny destroy  nothing to destroy" in account.paygate("destroy", *STACK, "--yes").stdout


def test_a_deployment_that_failed_leaves_its_files_and_the_next_one_goes_on_from_its_state(account: Account) -> None:
    account.project.write_stack(FAILING)
    failed = account.paygate("deploy", *STACK, "--yes")
    assert failed.returncode == 1
    assert "tiny apply failed: terraform apply failed (exit code 1)\n  terraform_data.c" in failed.stdout
    assert len(account.run_folders) == 1
    assert f"state and plan are left for a look in {account.run_folders[0]}" in failed.stdout
    account.project.write_stack(FAST)
    again = account.paygate("deploy", *STACK, "--yes")
    assert again.returncode == 0, again.stdout
    assert "1 changes" in again.stdout, "only what the failed one had left half made"
    assert account.resources == ["a", "b"]


def test_a_suffix_belongs_to_who_took_it_first_until_it_is_destroyed_or_taken_over(account: Account) -> None:
    assert account.paygate("deploy", *STACK, "--yes", "--owner", "alice").returncode == 0
    for command in ("deploy", "destroy"):
        refused = account.paygate(command, *STACK, "--yes", PAYGATE_OWNER="bob")
        assert refused.returncode == 2
        assert "this suffix belongs to somebody else; found alice, since 2" in refused.stdout
    assert account.resources == ["a", "b"]
    taken = account.paygate("destroy", *STACK, "--yes", "--take-over", "--owner", "bob")
    assert taken.returncode == 0, taken.stdout
    assert "bob; taken over from alice, who had it since 2" in taken.stdout
    assert account.keys == []
    assert account.paygate("deploy", *STACK, "--yes", "--owner", "carol").returncode == 0


def test_a_lock_of_another_machine_is_named_and_can_be_broken(account: Account) -> None:
    put_lock(clients(account.environment, REGION)("s3"), BUCKET, STATE_KEY)
    held = account.paygate("deploy", *STACK, "--yes", "--lock-timeout-minutes", "0")
    assert held.returncode == 2
    assert "the state is locked; found eve@elsewhere, since 2026-11-26T09:00:00Z, lock id 1-2" in held.stdout
    assert "if it is gone for good: paygate unlock --settings tiny.yaml --suffix p1" in held.stdout
    broken = account.paygate("unlock", *STACK, "--yes")
    assert broken.returncode == 0, broken.stdout
    assert broken.stdout.endswith("\nthe lock of tiny-p1 is broken\n")
    assert account.paygate("unlock", *STACK, "--yes").stdout.endswith("\nthe state of tiny-p1 is free\n")
    assert account.paygate("deploy", *STACK, "--yes").returncode == 0


def test_the_run_after_one_that_was_killed_breaks_its_lock_and_goes_on(account: Account) -> None:
    account.project.write_stack({"a": {"input": "x"}, "b": sleeping(60)})
    with subprocess.Popen(
        account.project.command("deploy", *STACK, "--yes"),
        cwd=account.project.folder,
        env=account.project.environment(account.environment),
        stdout=subprocess.PIPE,
        text=True,
    ) as killed:
        assert killed.stdout is not None
        for line in killed.stdout:
            if line.startswith("start           tiny apply"):
                break
        deadline = time.monotonic() + WAIT_SECONDS
        while LOCK_KEY not in account.keys and time.monotonic() < deadline:
            time.sleep(0.1)
        account.project.end()
    assert LOCK_KEY in account.keys
    account.project.write_stack(FAST)
    after = account.paygate("deploy", *STACK, "--yes")
    assert after.returncode == 0, after.stdout
    assert "its run is gone: lock broken" in after.stdout
    assert account.resources == ["a", "b"]


def test_json_is_all_that_stdout_has(account: Account) -> None:
    deployed = account.paygate("deploy", *STACK, "--yes", "--json")
    said = json.loads(deployed.stdout)
    assert (said["verdict"], said["exit_code"]) == ("passed", 0)
    steps = {step["step"]: step for step in said["steps"]}
    assert steps["apply"]["note"] == "2 resources"
    assert steps["account"]["note"] == f"{ACCOUNT_ID} in {REGION}, state in {BUCKET}"
    assert "start           tiny apply" in deployed.stderr


def test_a_drift_of_nothing_is_none(account: Account) -> None:
    assert account.paygate("deploy", *STACK, "--yes").returncode == 0
    found = account.paygate("drift", *STACK, "--json", "--markdown", "drift.md")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["drift"] == {"stack": "tiny-p1", "exit_code": 0, "illegal": [], "legal": []}
    written = (account.project.folder / "drift.md").read_text()
    assert written.startswith("<!-- paygate drift tiny-p1 -->\n")
    assert account.resources == ["a", "b"]


def test_what_could_not_be_planned_is_told_in_the_comment_as_well(account: Account) -> None:
    account.project.write_stack({"a": {"inptu": "x"}})
    failed = account.paygate("plan", *STACK, "--markdown", "plan.md")
    assert failed.returncode == 1
    written = (account.project.folder / "plan.md").read_text()
    assert written.startswith("<!-- paygate plan tiny-p1 -->\n")
    assert "### tiny plan" in written
    assert 'No argument or block type is named "inptu"' in written
    assert account.paygate("plan", *STACK, "--markdown", "nowhere/plan.md").stderr == (
        "paygate: --markdown: cannot be written; found nowhere/plan.md: No such file or directory\n"
    )


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_without_a_terminal_nothing_is_changed_unless_it_was_said(account: Account, command: str) -> None:
    refused = account.paygate(command, *STACK)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"paygate: paygate {command}: nobody is there to be asked. Say --yes to ")
    assert account.keys == []


def test_a_deployment_that_is_not_wanted_applies_nothing(account: Account) -> None:
    code, output = account.type_to("n", "deploy", *STACK)
    assert (code, "Apply 2 changes to tiny-p1? [y/N]" in output) == (0, True), output
    assert STATE_KEY not in account.keys
    code, _ = account.type_to("y", "deploy", *STACK)
    assert (code, account.resources) == (0, ["a", "b"])


def test_destroy_wants_the_name_of_the_stack(account: Account) -> None:
    assert account.paygate("deploy", *STACK, "--yes").returncode == 0
    code, output = account.type_to("tiny", "destroy", *STACK)
    assert code == 2
    assert f"tiny-p1 in account {ACCOUNT_ID}, {REGION}: 2 resources will be destroyed." in output
    assert "the name that was typed: nothing was destroyed; found tiny; allowed: tiny-p1" in output
    assert account.resources == ["a", "b"]
    assert account.type_to("tiny-p1", "destroy", *STACK)[0] == 0
    assert account.keys == []


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (("--state-bucket", "elsewhere"), {}, "elsewhere: there is no state bucket. Make it once per account"),
        ((), {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "sts:GetCallerIdentity: AWS does not answer; found"),
        ((), {"AWS_ACCESS_KEY_ID": None}, "no usable AWS credentials; found "),
        (("--plugin-dir", "nowhere"), {}, "--plugin-dir: no such folder; found nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_one_message_and_leaves_nothing(
    account: Account, arguments: tuple[str, ...], variables: dict[str, str | None], message: str
) -> None:
    refused = account.paygate("deploy", *STACK, "--yes", *arguments, **variables)
    assert refused.returncode == 2
    assert message in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert account.run_folders == []
