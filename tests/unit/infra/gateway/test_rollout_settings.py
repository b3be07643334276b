"""What the settings of a blue/green rollout become: each way to shift, hooks, and none at all."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.app import synthesize
from infra.settings import load
from tests.conftest import GATEWAY, SUFFIX
from tests.unit.infra.stack import Stack, only, statements

Document = dict[str, Any]
HOOK = "arn:aws:lambda:us-east-1:123456789012:function:smoke-test"
SETTINGS: Document = yaml.safe_load(GATEWAY.read_text())


@pytest.fixture
def rolled_out(tmp_path: Path) -> Callable[[Document], Stack]:
    """The stack with other settings for blue/green."""

    def synthesized(changes: Document) -> Stack:
        document = copy.deepcopy(SETTINGS)
        wanted = document["services"]["api-gateway"]["rollout"]["blue_green"]
        for key in ("shift", "step_percent", "step_bake_time_minutes"):
            del wanted[key]
        wanted |= changes
        file = tmp_path / "edited.yaml"
        file.write_text(json.dumps(document))
        return Stack(json.loads(synthesize(load(file, SUFFIX), tmp_path / "out").read_text()))

    return synthesized


STEPS = {"step_percent": 20, "step_bake_time_minutes": 3}


@pytest.mark.clause("G.9.6", proof="test")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"strategy": "BLUE_GREEN"}),
        (
            {"shift": "canary", **STEPS},
            {
                "strategy": "CANARY",
                "canary_configuration": {"canary_percent": 20, "canary_bake_time_in_minutes": "3"},
            },
        ),
        (
            {"shift": "linear", **STEPS},
            {"strategy": "LINEAR", "linear_configuration": {"step_percent": 20, "step_bake_time_in_minutes": "3"}},
        ),
    ],
    ids=["all at once", "canary", "linear"],
)
def test_each_shift_is_a_strategy_with_its_steps(
    rolled_out: Callable[[Document], Stack], changes: Document, expected: Document
) -> None:
    found = rolled_out(changes).service("api-gateway")["deployment_configuration"]
    assert found == {"bake_time_in_minutes": "10", **expected}


@pytest.mark.clause("G.9.6", proof="test")
def test_a_hook_is_asked_by_a_role_that_may_call_it_and_nothing_else(
    rolled_out: Callable[[Document], Stack],
) -> None:
    stack = rolled_out({"hooks": [{"function_arn": HOOK, "stages": ["POST_TEST_TRAFFIC_SHIFT", "POST_SCALE_UP"]}]})
    hook = only(stack.service("api-gateway")["deployment_configuration"]["lifecycle_hook"])
    assert hook["hook_target_arn"] == HOOK
    assert hook["lifecycle_stages"] == ["POST_TEST_TRAFFIC_SHIFT", "POST_SCALE_UP"]
    role = stack.target(hook["role_arn"], "aws_iam_role", "arn")
    assert role["name"] == f"hook-role-api-gateway-{SUFFIX}"
    granted = only(statements(stack.all("aws_iam_role_policy")["api-gateway-hook-role"]["policy"]))
    assert (granted["Action"], granted["Resource"]) == (["lambda:InvokeFunction"], [HOOK])
