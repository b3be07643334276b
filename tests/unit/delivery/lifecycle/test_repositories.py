"""Repositories of a stack's own are made alone, and filled, before anything else is planned."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from delivery.lifecycle.deployment import Deployment, StepFailedError
from delivery.lifecycle.repositories import create_repositories
from delivery.terraform.events import Planned
from delivery.terraform.runner import Plan, Terraform

STACK_FILE = Path("stack/cdk.tf.json")


@dataclass
class FakeTerraform:
    """Remembers what it was asked to do; `planned` is what a plan finds."""

    config: dict[str, Any]
    planned: tuple[Planned, ...] = ()
    calls: list[Any] = field(default_factory=list)

    @property
    def workspace(self) -> "FakeWorkspace":
        return FakeWorkspace(self.config)

    def plan(self, only: Sequence[str] = ()) -> Plan:
        self.calls.append(("plan", list(only)))
        return Plan(bool(self.planned), self.planned)

    def apply(self) -> None:
        self.calls.append("apply")


@dataclass
class FakeWorkspace:
    held: dict[str, Any]

    def config(self) -> dict[str, Any]:
        return self.held


def deployment(terraform: FakeTerraform) -> Deployment:
    return Deployment(
        "gateway", Path("s.yaml"), "x", "gateway-x", STACK_FILE, "us-east-1", {}, cast(Terraform, terraform)
    )


REPOSITORIES = {"resource": {"aws_ecr_repository": {"a": {"name": "a"}, "b": {"name": "b"}}, "aws_vpc": {"main": {}}}}
CREATED = (Planned("aws_kms_key.registry", "create"), Planned("aws_ecr_repository.a", "create"))


@pytest.mark.clause("G.2.1", "G.2.4", proof="test")
def test_repositories_are_applied_alone_and_then_filled() -> None:
    terraform, filled = FakeTerraform(REPOSITORIES, CREATED), []

    def fill(file: Path) -> list[Any]:
        terraform.calls.append("fill")
        filled.append(file)
        return ["an image"]

    outcome = create_repositories(deployment(terraform), fill)

    assert terraform.calls == [("plan", ["aws_ecr_repository.a", "aws_ecr_repository.b"]), "apply", "fill"]
    assert filled == [STACK_FILE]
    assert outcome.note == "2 repositories, 1 images"


def test_repositories_that_stand_already_are_only_filled() -> None:
    terraform = FakeTerraform(REPOSITORIES)
    create_repositories(deployment(terraform), lambda _file: [])
    assert "apply" not in terraform.calls


def test_a_plan_that_would_do_more_is_not_applied() -> None:
    terraform = FakeTerraform(REPOSITORIES, (*CREATED, Planned("aws_ecs_service.a", "update")))
    with pytest.raises(StepFailedError, match=r"more than repositories:\n  update aws_ecs_service\.a"):
        create_repositories(deployment(terraform), lambda _file: [])
    assert "apply" not in terraform.calls


def test_a_stack_without_repositories_of_its_own_has_nothing_to_do() -> None:
    terraform = FakeTerraform({"resource": {}})
    assert create_repositories(deployment(terraform), lambda _file: []).note == "none of its own"
    assert terraform.calls == []
