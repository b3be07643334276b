"""The steps that terraform does, on stacks that need no provider."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, StepFailedError
from delivery.lifecycle.opening import region_of
from delivery.lifecycle.steps import Supplies, apply, destroy, initialize, plan, plan_again, sandbox_steps
from delivery.terraform.program import find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import Workspace


def deployment(folder: Path, config: dict[str, Any], **environment: str) -> Deployment:
    (folder / "stack").mkdir()
    file = folder / "stack" / "cdk.tf.json"
    file.write_text(json.dumps(config))
    return Deployment(
        platform="payments",
        settings_file=folder / "payments.yaml",
        suffix="pr42",
        stack="payments-production-pr42",
        stack_file=file,
        region="us-east-1",
        environment={**os.environ, **environment},
        terraform=Terraform(find_terraform(os.environ), Workspace(folder / "run"), {**os.environ, **environment}, 60.0),
    )


def data(**resources: Any) -> dict[str, Any]:
    return {"resource": {"terraform_data": resources}}


def test_a_stack_goes_up_stays_as_it_is_and_comes_down(tmp_path: Path) -> None:
    found = deployment(tmp_path, data(a={"input": "x"}))
    outcome = initialize(found, tmp_path / "cache")
    assert (outcome.note, outcome.lines) == ("no provider", ())
    assert plan(found).note == "1 changes"
    assert apply(found).note == "1 resources"
    assert plan_again(found).note == "empty"
    assert destroy(found).note == "1 resources"
    assert destroy(found).note == "nothing to destroy"


def test_only_for_an_emulator_arguments_may_be_dropped_and_the_outcome_tells(tmp_path: Path) -> None:
    emulated = deployment(tmp_path, data(a={"input": "x"}), AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert initialize(emulated, tmp_path / "cache").lines == ("arguments dropped: none",)


def test_a_second_plan_that_is_not_empty_says_why(tmp_path: Path) -> None:
    found = deployment(tmp_path, data(a={"input": "${timestamp()}"}))
    for step in (lambda: initialize(found, tmp_path / "cache"), lambda: plan(found), lambda: apply(found)):
        step()
    with pytest.raises(StepFailedError, match=r"the second plan is not empty:\n  update terraform_data\.a: input: "):
        plan_again(found)


def test_a_provider_that_can_be_found_nowhere_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    required = {"nowhere": {"source": "registry.invalid/acme/nowhere", "version": "~> 1.2"}}
    found = deployment(tmp_path, {"terraform": {"required_providers": required}, **data(a={})})
    with pytest.raises(UserError) as error:
        initialize(found, tmp_path / "cache")
    assert str(error.value) == (
        "a provider can be found nowhere: registry.invalid/acme/nowhere ~> 1.2; "
        "found no mirror folder that holds it, and no answer from its registry. "
        "Name a mirror folder with --plugin-dir or PAYGATE_PLUGIN_DIR"
    )


def nothing(_stack_file: Path) -> list[Any]:
    return []


def test_the_steps_of_a_kept_sandbox_are_those_of_any_other_without_the_end() -> None:
    supplies = Supplies(nothing, nothing)
    every, kept = ([step.name for step in sandbox_steps(Path(), supplies, keep=keep)] for keep in (False, True))
    assert every == [
        "gate",
        "seed",
        "init",
        "repositories",
        "plan",
        "gate of the plan",
        "image scan",
        "apply",
        "verify",
        "second plan",
        "rotation",
        "destroy",
    ]
    assert kept == every[:-1]


@pytest.mark.parametrize(
    ("config", "region"),
    [
        ({"provider": {"aws": [{"region": "eu-central-1"}]}}, "eu-central-1"),
        ({"provider": {"aws": {"region": "eu-central-1"}}}, "eu-central-1"),
        ({"provider": {"aws": [{}]}}, "us-east-1"),
        ({}, "us-east-1"),
    ],
)
def test_the_region_is_the_one_of_the_aws_provider(config: dict[str, Any], region: str) -> None:
    assert region_of(config) == region


def test_no_step_imports_moto_boto3_or_cdktf_before_it_runs() -> None:
    script = (
        "import sys, delivery.cli.sandbox;"
        "print(*{name.partition('.')[0] for name in sys.modules} & {'moto', 'boto3', 'botocore', 'cdktf', 'checkov', "
        "'psutil', 'rich', 'yaml', 'policies'})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
