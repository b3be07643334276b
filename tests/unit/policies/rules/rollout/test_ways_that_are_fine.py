"""Rollouts other than the one of the settings that the rules have to leave alone."""

import copy
import json
from typing import Any

import pytest

from policies.engine import Outcome, run_rule
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.rules.rollout.hook_role import GRANT, INVOKE, hooked
from policies.spec import load_spec

RULES = {loaded.id: loaded for loaded in all_rules() if loaded.module.split(".")[2] == "rollout"}
SERVICE, ALARM = ("aws_ecs_service", "api-gateway"), ("aws_cloudwatch_metric_alarm", "api-gateway-green-target-5xx")
MANAGED = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"


def judged(document: dict[str, Any], *names: str) -> list[Outcome]:
    graph, spec = load_document(document), load_spec("gateway")
    return [found for name in names or RULES for found in run_rule(RULES[name], graph, spec)]


def with_values(document: dict[str, Any], place: tuple[str, str], **values: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["resource"][place[0]][place[1]].update(values)
    return changed


@pytest.mark.clause("G.9.6", proof="test")
@pytest.mark.parametrize(
    "configuration",
    [
        {"strategy": "BLUE_GREEN", "bake_time_in_minutes": "10"},
        [{"strategy": "BLUE_GREEN", "bake_time_in_minutes": 60}],
        {
            "strategy": "LINEAR",
            "bake_time_in_minutes": "5",
            "linear_configuration": [{"step_percent": 3, "step_bake_time_in_minutes": "5"}],
        },
        {
            "strategy": "CANARY",
            "bake_time_in_minutes": "5",
            "canary_configuration": {"canary_percent": "0.1", "canary_bake_time_in_minutes": 1440},
            "linear_configuration": [],
        },
    ],
    ids=["all at once", "as a list", "linear", "canary"],
)
def test_every_strategy_of_the_spec_passes(configuration: Any, gateway: dict[str, Any]) -> None:
    assert judged(with_values(gateway, SERVICE, deployment_configuration=configuration)) == []


def test_a_breaker_that_is_off_is_none(gateway: dict[str, Any]) -> None:
    breaker = [{"enable": False, "rollback": False}]
    assert judged(with_values(gateway, SERVICE, deployment_circuit_breaker=breaker)) == []


def test_a_hook_with_a_role_for_it_passes(gateway: dict[str, Any]) -> None:
    document = copy.deepcopy(gateway)
    hooked(GRANT % (INVOKE, "${aws_lambda_function.redeployment.arn}"))(document)
    assert judged(document) == []


def test_the_managed_policy_of_aws_grants_what_ecs_needs(gateway: dict[str, Any]) -> None:
    """Another rule, attached-policies, still wants policies that are written in the stack."""
    document = copy.deepcopy(gateway)
    role = "api-gateway-infrastructure-role"
    del document["resource"]["aws_iam_role_policy"][role]
    assert judged(document, "infrastructure-role") != []
    document["resource"]["aws_iam_role"][role]["managed_policy_arns"] = [MANAGED]
    assert judged(document, "infrastructure-role") == []


@pytest.mark.parametrize(
    ("comparison", "threshold", "fires"),
    [
        ("GreaterThanOrEqualToThreshold", 1, True),
        ("GreaterThanOrEqualToThreshold", 1000, True),
        ("GreaterThanOrEqualToThreshold", 1001, False),
        ("GreaterThanOrEqualToThreshold", 0, False),
        ("GreaterThanThreshold", 0, True),
        ("GreaterThanThreshold", 1000, False),
        ("GreaterThanThreshold", -1, False),
        ("GreaterThanThreshold", None, False),
        ("LessThanLowerThreshold", 1, False),
    ],
)
def test_a_threshold_is_one_that_only_trouble_crosses(
    comparison: str, threshold: float | None, fires: bool, gateway: dict[str, Any]
) -> None:
    document = with_values(gateway, ALARM, comparison_operator=comparison, threshold=threshold)
    assert (judged(document, "deployment-alarms-fire") == []) is fires


@pytest.mark.parametrize("tasks", [0, 1, 2, 3])
def test_a_floor_of_tasks_is_one_that_scaling_keeps(tasks: int, gateway: dict[str, Any]) -> None:
    place = ("aws_cloudwatch_metric_alarm", "api-gateway-running-tasks")
    document = with_values(gateway, place, threshold=tasks)
    assert (judged(document, "deployment-alarms-fire") == []) is (tasks in (1, 2))


def test_a_policy_in_one_statement_passes(gateway: dict[str, Any]) -> None:
    """Groups and rules in statements of their own, actions in another case, resources as a text."""
    document = copy.deepcopy(gateway)
    policy = document["resource"]["aws_iam_role_policy"]["api-gateway-infrastructure-role"]
    see, move, register = json.loads(policy["policy"])["Statement"]
    move["Action"] = "ElasticLoadBalancing:modifyrule"
    see["Resource"] = "*"
    moves = [{**move, "Resource": resource} for resource in move["Resource"]]
    policy["policy"] = json.dumps({"Statement": [see, *moves, register]})
    assert judged(document, "infrastructure-role") == []
