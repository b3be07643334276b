"""The cluster: Fargate only, half of it or more on Spot, watched by Container Insights."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.placement import fewest_spot_tasks, most_spot_tasks
from tests.unit.infra.stack import SERVICES, Stack, Values, needs

SPOT_FIRST = [
    {"capacity_provider": "FARGATE_SPOT", "base": 1, "weight": 1},
    {"capacity_provider": "FARGATE", "base": 0, "weight": 1},
]
ON_DEMAND_FIRST = [
    {"capacity_provider": "FARGATE", "base": 1, "weight": 1},
    {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1},
]


def strategies(stack: Stack) -> list[list[Values]]:
    """The cluster's default strategy and that of every service."""
    default = stack.one("aws_ecs_cluster_capacity_providers")["default_capacity_provider_strategy"]
    return [default, *(stack.service(name)["capacity_provider_strategy"] for name in SERVICES)]


@pytest.mark.clause("P.1.1", proof="synth")
@red_when(
    change("aws_ecs_cluster_capacity_providers/main/capacity_providers", []),
    change("aws_ecs_cluster_capacity_providers/main/capacity_providers/0", "machines"),
    change("aws_ecs_cluster_capacity_providers/main/cluster_name", "another"),
    change("aws_ecs_service/fraud-detection/cluster", "another"),
    add("aws_ecs_service/payment-api/launch_type", "EC2"),
    add("aws_ecs_cluster/second", {"name": "ecs-cluster-second-production-pr42"}),
)
def test_one_cluster_runs_every_service_on_fargate_capacity(stack: Stack) -> None:
    assert stack.one("aws_ecs_cluster")["name"] == "ecs-cluster-production-pr42"
    providers = stack.one("aws_ecs_cluster_capacity_providers")
    stack.target(providers["cluster_name"], "aws_ecs_cluster", "name")
    assert providers["capacity_providers"]
    assert set(providers["capacity_providers"]) <= {"FARGATE", "FARGATE_SPOT"}
    for name in SERVICES:
        stack.target(stack.service(name)["cluster"], "aws_ecs_cluster", "arn")
        assert "launch_type" not in stack.service(name)


@pytest.mark.clause("P.1.2", proof="synth")
@red_when(
    change("aws_ecs_cluster_capacity_providers/main/capacity_providers", ["FARGATE"]),
    change("aws_ecs_cluster_capacity_providers/main/capacity_providers", ["FARGATE_SPOT"]),
)
def test_fargate_and_fargate_spot_are_associated_with_the_cluster(stack: Stack) -> None:
    providers = stack.one("aws_ecs_cluster_capacity_providers")["capacity_providers"]
    assert sorted(providers) == ["FARGATE", "FARGATE_SPOT"]


@pytest.mark.clause("P.1.3", proof="synth")
@red_when(
    change("aws_ecs_service/payment-api/capacity_provider_strategy", ON_DEMAND_FIRST),
    change("aws_ecs_service/fraud-detection/capacity_provider_strategy/0/weight", 2),
    change("aws_ecs_service/notification-service/capacity_provider_strategy/1/base", 0),
    change("aws_ecs_cluster_capacity_providers/main/default_capacity_provider_strategy/1/base", 0),
)
def test_spot_carries_half_of_the_tasks_at_every_count_from_3_to_10(stack: Stack) -> None:
    for strategy in strategies(stack):
        for tasks in range(3, 11):
            assert fewest_spot_tasks(strategy, tasks) / tasks >= 0.5


@red_when(
    change("aws_ecs_service/payment-api/capacity_provider_strategy/0/weight", 0),
    change("aws_ecs_cluster_capacity_providers/main/default_capacity_provider_strategy/0/weight", 0),
    change("aws_ecs_service/notification-service/capacity_provider_strategy/1/base", 3),
)
def test_one_task_at_least_is_out_of_reach_of_a_spot_interruption_at_every_count(stack: Stack) -> None:
    for strategy in strategies(stack):
        for tasks in range(3, 11):
            assert most_spot_tasks(strategy, tasks) < tasks


@pytest.mark.clause("P.1.4", proof="synth")
@red_when(
    change("aws_ecs_cluster/main/setting/0/value", "disabled"),
    drop("aws_ecs_cluster/main/setting"),
)
def test_container_insights_are_enabled_on_the_cluster(stack: Stack) -> None:
    settings = {entry["name"]: entry["value"] for entry in stack.one("aws_ecs_cluster").get("setting", [])}
    assert settings.get("containerInsights") in ("enabled", "enhanced")


@pytest.mark.clause("P.1.3", proof="test")
@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        # tasks:                 1  2  3  4  5  6  7  8  9 10
        pytest.param(SPOT_FIRST, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5], id="Spot base 1: half or more at every count"),
        pytest.param(ON_DEMAND_FIRST, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], id="on-demand base 1: a third at 3 tasks"),
    ],
)
def test_the_rest_after_the_base_is_split_against_spot(strategy: list[Values], expected: list[int]) -> None:
    assert [fewest_spot_tasks(strategy, tasks) for tasks in range(1, 11)] == expected


@red_when(drop("aws_ecs_cluster/main/depends_on"))
def test_the_insights_log_group_outlives_the_cluster(stack: Stack) -> None:
    """Insights makes a group of its own, without our retention, when it still has something to log and finds none."""
    assert "aws_cloudwatch_log_group.container-insights" in needs(stack, "aws_ecs_cluster.main")
