"""One emulator for the tests of a file, and terraform that works on its S3."""

import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from delivery.aws import clients
from delivery.sandbox.emulator import Emulator
from delivery.state.bucket import StateObject
from delivery.terraform.program import find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import prepare_workspace

REGION = "us-east-1"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator.start() as running:
        yield running


@dataclass(frozen=True)
class States:
    """A new, versioned bucket, and workspaces whose state is one object of it."""

    environment: Mapping[str, str]
    s3: Any
    folder: Path
    object: StateObject

    def workspace(self, name: str, resources: Mapping[str, Any], **options: Any) -> Terraform:
        """Terraform, initialized, on a stack of these `terraform_data`."""
        stack = self.folder / f"{name}-stack"
        stack.mkdir()
        (stack / "cdk.tf.json").write_text(json.dumps({"resource": {"terraform_data": resources}}))
        workspace = prepare_workspace(
            stack / "cdk.tf.json", self.folder / "runs" / name / "tiny", [], self.object.backend
        )
        settings: dict[str, Any] = {"environment": self.environment, "apply_seconds": 60.0, "grace_seconds": 10.0}
        run = Terraform(find_terraform(os.environ), workspace, **(settings | options))
        run.init()
        return run

    @property
    def kept(self) -> dict[str, Any]:
        """The state in the bucket."""
        state: dict[str, Any] = json.loads(
            self.s3.get_object(Bucket=self.object.bucket, Key=self.object.key)["Body"].read()
        )
        return state


@pytest.fixture
def states_in(tmp_path: Path) -> Callable[[Emulator], States]:
    """A new bucket in an emulator."""

    def make(emulator: Emulator) -> States:
        environment = emulator.environment(os.environ, REGION)
        s3 = clients(environment, REGION)("s3")
        bucket = f"states-{uuid.uuid4().hex[:12]}"
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return States(environment, s3, tmp_path, StateObject(bucket, "tiny-p1/terraform.tfstate", REGION))

    return make


@pytest.fixture
def states(emulator: Emulator, states_in: Callable[[Emulator], States]) -> States:
    return states_in(emulator)
