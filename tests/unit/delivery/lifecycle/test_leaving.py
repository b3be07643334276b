"""After a destroy AWS is asked, and what it still has is a failure that says what to do."""

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.lifecycle.deployment import Deployment, StepFailedError
from delivery.lifecycle.leaving import find_left
from delivery.sweep import finding
from delivery.sweep.finding import Belonging
from delivery.sweep.listing import Thing
from delivery.terraform.program import Program
from delivery.terraform.runner import Terraform
from delivery.terraform.versions import Version
from delivery.terraform.workspace import Workspace

PROGRAM = Program(Path("terraform"), Version((1, 11, 4)), "linux_amd64")


def deployment(folder: Path) -> Deployment:
    (folder / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_kms_key": {"logs": {}}}}))
    terraform = Terraform(PROGRAM, Workspace(folder), {}, 1.0)
    return Deployment("payments", Path("s.yaml"), "p1", "payments-production-p1", folder, "us-east-1", {}, terraform)


def found(*things: Thing) -> Any:
    left = tuple(Belonging(thing, "p1", "payments", "tag") for thing in things)

    def find(_environment: Any, _region: str, suffix: str, platforms: Any) -> tuple[Belonging, ...]:
        assert (suffix, [platform.name for platform in platforms]) == ("p1", ["payments"])
        return left

    return find


def test_nothing_left_is_said_with_what_aws_keeps_by_design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "find_environment", found())
    outcome = find_left(deployment(tmp_path))
    assert (outcome.note, outcome.lines[0]) == ("nothing", "AWS keeps by design:")
    assert [line.split(":")[0].strip() for line in outcome.lines[1:]] == ["KMS keys", "versions of the state"]


def test_what_is_left_is_named_with_the_command_that_deletes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "find_environment", found(Thing("iam", "role", "task-role-a-production-p1")))
    with pytest.raises(StepFailedError) as error:
        find_left(deployment(tmp_path))
    assert str(error.value) == (
        "AWS still has of this environment:\n"
        "  iam role task-role-a-production-p1 (tag)\n"
        "paygate sweep --suffix p1 --platform payments --yes deletes them"
    )
