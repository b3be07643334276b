"""Where a bootstrap goes on after whatever an earlier one has left, decided without AWS."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from delivery.errors import UserError
from delivery.lifecycle.bootstrap_state import Found, LocalState, bucket_of
from delivery.lifecycle.bootstrapping import go_on, move
from delivery.lifecycle.deployment import Deployment, StepFailedError
from delivery.state.bucket import StateObject

BUCKET = "paygate-state-123456789012-us-east-1"
KEY = "bootstrap/terraform.tfstate"


@pytest.mark.parametrize(
    ("bucket", "remote", "local", "expected"),
    [
        (False, False, False, False),  # nothing was ever done
        (False, False, True, False),  # stopped before the bucket was made
        (True, False, True, False),  # stopped before the state moved
        (True, True, True, True),  # stopped before the file was removed
        (True, True, False, True),  # done
    ],
)
def test_the_state_is_where_it_can_be_gone_on_with(bucket: bool, remote: bool, local: bool, expected: bool) -> None:
    assert Found(BUCKET, bucket, remote, local).state_is_remote is expected


def test_a_bucket_that_no_state_knows_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(UserError, match=rf"{BUCKET}: the state bucket exists.*Run it where it was begun"):
        _ = Found(BUCKET, True, False, False).state_is_remote


def test_the_bucket_is_the_one_of_the_stack() -> None:
    name = "paygate-state-${data.aws_caller_identity.current.account_id}-us-east-1"
    assert bucket_of({"resource": {"aws_s3_bucket": {"state": {"bucket": name}}}}, "123456789012") == BUCKET


class Terraform:
    """As far as the steps ask it. after: addresses that the bucket holds once the state has moved."""

    def __init__(self, resources: list[dict[str, Any]], after: list[str] | None = None) -> None:
        self.resources, self.after, self.done = resources, after, list[str]()
        self.workspace = SimpleNamespace(
            config=lambda: {"resource": {"aws_kms_key": {"state": {"lifecycle": {"prevent_destroy": True}}}}},
            use_backend=lambda _choices, backend: self.done.append(next(iter(backend))),
        )

    def pull_state(self) -> dict[str, Any]:
        return {"resources": self.resources}

    def untaint(self, address: str) -> None:
        self.done.append(f"untaint {address}")

    def init(self, _folders: Any, *, move_state: bool) -> None:
        assert move_state
        self.done.append("moved")

    def resource_addresses(self) -> list[str]:
        if "moved" in self.done and self.after is not None:
            return self.after
        return [f"{entry['type']}.{entry['name']}" for entry in self.resources]


def deployment(terraform: Terraform, state: StateObject) -> Deployment:
    return Deployment(
        "bootstrap", Path("s"), "", "bootstrap", Path("f"), "us-east-1", {}, cast(Any, terraform), (), state
    )


def begun(kind: str, name: str, status: str = "tainted") -> dict[str, Any]:
    return {"mode": "managed", "type": kind, "name": name, "instances": [{"status": status}]}


@pytest.fixture
def local(tmp_path: Path) -> LocalState:
    file = tmp_path / BUCKET / "terraform.tfstate"
    file.parent.mkdir()
    file.write_text("{}")
    return LocalState(BUCKET, KEY, "us-east-1", file)


def test_what_may_not_be_destroyed_is_kept_when_its_creation_was_broken_off(local: LocalState) -> None:
    terraform = Terraform([begun("aws_kms_key", "state"), begun("aws_iam_role", "ci"), begun("aws_x", "y", "")])
    assert go_on(deployment(terraform, local)).note == "aws_kms_key.state was begun and is kept"
    assert terraform.done == ["untaint aws_kms_key.state"]


def test_a_state_that_has_moved_leaves_no_file(local: LocalState) -> None:
    terraform = Terraform([begun("aws_kms_key", "state", "")])
    assert move(deployment(terraform, local)).note == f"s3://{BUCKET}/{KEY}"
    assert terraform.done == ["s3", "moved"]
    assert not local.file.parent.exists()


@pytest.mark.parametrize("after", [[], ["aws_kms_key.state"]])
def test_a_state_that_has_not_moved_whole_keeps_its_file(local: LocalState, after: list[str]) -> None:
    terraform = Terraform([begun("aws_kms_key", "state", ""), begun("aws_s3_bucket", "state", "")], after)
    with pytest.raises(StepFailedError, match=f"2 resources before, {len(after)} in the bucket"):
        move(deployment(terraform, local))
    assert local.file.is_file()


def test_a_state_in_the_bucket_stays_there() -> None:
    state = StateObject(BUCKET, KEY, "us-east-1")
    assert move(deployment(Terraform([]), state)).note == "is there already"
