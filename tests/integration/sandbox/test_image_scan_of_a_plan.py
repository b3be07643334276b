"""Real Terraform and provider: repositories are made and filled, the plan of the rest is scanned before an apply."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.lifecycle.deployment import Deployment, StepFailedError
from delivery.lifecycle.repositories import create_repositories
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.lifecycle.scanning import scan_images
from delivery.lifecycle.steps import initialize, plan
from delivery.sandbox.created_images import CreatedImage
from delivery.sandbox.emulator import ACCOUNT_ID
from delivery.sandbox.prerequisites import put_into, seed_created_images
from delivery.terraform.mirrors import choose, requirements, search_folders
from delivery.terraform.program import find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import Workspace
from tests.integration.sandbox.conftest import REGION
from tests.unit.delivery.scan.standins import DIGESTS, REGISTRY

NAME = "ecr-repository-api-pr42"
CONTAINER = {
    "name": "api",
    "image": "${aws_ecr_repository.api.repository_url}@" + DIGESTS["a"],
    "secrets": [{"name": "KEY", "valueFrom": "${aws_secretsmanager_secret.key.arn}:api_key::"}],
}
STACK = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.0"}}},
    "provider": {"aws": [{"region": REGION}]},
    "resource": {
        "aws_ecr_repository": {"api": {"name": NAME, "force_delete": True}},
        "aws_secretsmanager_secret": {"key": {"name": "secret-key-pr42"}},
        "aws_ecs_task_definition": {
            "api": {
                "family": "api",
                "cpu": "256",
                "memory": "512",
                "network_mode": "awsvpc",
                "requires_compatibilities": ["FARGATE"],
                "container_definitions": json.dumps([CONTAINER]),
            }
        },
    },
}
CRITICAL = {"status": "COMPLETE", "findings": [{"name": "CVE-2026-1", "severity": "CRITICAL"}]}


@pytest.fixture
def deployment(emulator: Any, tmp_path: Path) -> Deployment:
    (tmp_path / "stack").mkdir()
    stack_file = tmp_path / "stack" / "cdk.tf.json"
    stack_file.write_text(json.dumps(STACK))
    settings_file = tmp_path / "gateway.yaml"
    settings_file.write_text("image_scan: {block_severity: HIGH, wait_minutes: 0}\n")
    program = find_terraform(os.environ)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT_ID,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
    }
    mirrors = search_folders(None, os.environ)
    return Deployment(
        platform="gateway",
        settings_file=settings_file,
        suffix="pr42",
        stack="gateway-production-pr42",
        stack_file=stack_file,
        region=REGION,
        environment=environment,
        terraform=Terraform(program, Workspace(tmp_path / "run"), environment, 120.0),
        choices=tuple(choose(requirements(STACK), mirrors, program.platform, newest_if_none_admitted=True)),
    )


@pytest.mark.clause("G.2.4", proof="live")
def test_what_is_about_to_run_is_scanned_where_the_arn_of_a_secret_is_still_unknown(
    emulator: Any, deployment: Deployment
) -> None:
    def fill(stack_file: Path) -> list[Any]:
        return list(seed_created_images(stack_file, emulator))

    steps: list[Callable[[], Any]] = [
        lambda: initialize(deployment, CACHE_FOLDER),
        lambda: create_repositories(deployment, fill),
        lambda: plan(deployment),
    ]
    for step in steps:
        step()
    changes = {
        change["address"]: change["change"] for change in deployment.terraform.planned_state()["resource_changes"]
    }
    assert changes["aws_ecs_task_definition.api"]["after_unknown"]["container_definitions"] is True
    assert scan_images(deployment).note == "1 image, no finding of HIGH or above"
    put_into(emulator, [CreatedImage(REGION, NAME, f"@{DIGESTS['a']}", (CRITICAL,))])
    with pytest.raises(StepFailedError) as failed:
        scan_images(deployment)
    assert str(failed.value) == (
        f"1 of 1 images may not run:\n  {REGISTRY}/{NAME}@{DIGESTS['a']}, run by api / api\n    CVE-2026-1 CRITICAL"
    )
    assert emulator.client("ecs").list_task_definitions()["taskDefinitionArns"] == []
