"""Auto scaling of each service: between 3 and 10 tasks, at 70 % CPU and 80 % memory."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack, Values

TARGET = "aws_appautoscaling_target/fraud-detection"
CPU = "aws_appautoscaling_policy/payment-api-cpu"
MEMORY = "aws_appautoscaling_policy/notification-service-memory"
TRACKING = "target_tracking_scaling_policy_configuration"


def target(stack: Stack, service: str) -> Values:
    """The scalable target of a service, found by the service it points at."""
    resource = f"service/${{aws_ecs_cluster.main.name}}/${{aws_ecs_service.{service}.name}}"
    return stack.named("aws_appautoscaling_target", "resource_id", resource)


def tracking(stack: Stack, service: str) -> dict[str, Values]:
    """Target-tracking configurations of a service by metric."""
    found = {}
    for policy in stack.all("aws_appautoscaling_policy").values():
        of = stack.target(policy["resource_id"], "aws_appautoscaling_target", "resource_id")
        if of is target(stack, service):
            assert policy["policy_type"] == "TargetTrackingScaling"
            stack.target(policy["scalable_dimension"], "aws_appautoscaling_target", "scalable_dimension")
            stack.target(policy["service_namespace"], "aws_appautoscaling_target", "service_namespace")
            configuration = policy[TRACKING]
            metric = configuration.get("predefined_metric_specification", {}).get("predefined_metric_type", "custom")
            assert metric not in found, f"{service} tracks {metric} twice"
            found[metric] = configuration
    return found


@pytest.mark.clause("P.5.1", proof="synth")
@red_when(
    drop(CPU),
    drop(TARGET),
    change(f"{TARGET}/resource_id", "service/another"),
    change(f"{TARGET}/scalable_dimension", "ecs:service:Other"),
    change(f"{TARGET}/service_namespace", "ec2"),
    change(f"{CPU}/policy_type", "StepScaling"),
    change(f"{CPU}/resource_id", "${aws_appautoscaling_target.fraud-detection.resource_id}"),
    change(f"{MEMORY}/{TRACKING}/predefined_metric_specification/predefined_metric_type", "ALBRequestCountPerTarget"),
)
def test_each_service_tracks_its_cpu_and_its_memory(stack: Stack) -> None:
    for name in SERVICES:
        scalable = target(stack, name)
        assert scalable["service_namespace"] == "ecs"
        assert scalable["scalable_dimension"] == "ecs:service:DesiredCount"
        assert set(tracking(stack, name)) == {"ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"}


@pytest.mark.clause("P.5.2", proof="synth")
@red_when(change(f"{CPU}/{TRACKING}/target_value", 80), drop(CPU))
def test_each_service_scales_at_70_percent_of_cpu(stack: Stack) -> None:
    for name in SERVICES:
        assert tracking(stack, name).get("ECSServiceAverageCPUUtilization", {}).get("target_value") == 70


@pytest.mark.clause("P.5.3", proof="synth")
@red_when(change(f"{MEMORY}/{TRACKING}/target_value", 70), drop(MEMORY))
def test_each_service_scales_at_80_percent_of_memory(stack: Stack) -> None:
    for name in SERVICES:
        assert tracking(stack, name).get("ECSServiceAverageMemoryUtilization", {}).get("target_value") == 80


@pytest.mark.clause("P.5.4", proof="synth")
@red_when(
    change(f"{TARGET}/min_capacity", 2),
    change(f"{TARGET}/max_capacity", 20),
    add("aws_appautoscaling_target/second", {"resource_id": "service/another", "min_capacity": 3, "max_capacity": 10}),
)
def test_each_service_scales_between_3_and_10_tasks(stack: Stack) -> None:
    assert len(stack.all("aws_appautoscaling_target")) == 3
    for name in SERVICES:
        assert (target(stack, name)["min_capacity"], target(stack, name)["max_capacity"]) == (3, 10)


@red_when(
    change(f"{CPU}/{TRACKING}/scale_out_cooldown", 300),
    change(f"{MEMORY}/{TRACKING}/scale_in_cooldown", 60),
    drop(f"{MEMORY}/{TRACKING}/scale_in_cooldown"),
    change(f"{CPU}/{TRACKING}/disable_scale_in", True),
)
def test_each_service_scales_out_within_a_minute_and_in_after_five(stack: Stack) -> None:
    for name in SERVICES:
        for configuration in tracking(stack, name).values():
            assert configuration.get("scale_out_cooldown") == 60
            assert configuration.get("scale_in_cooldown") == 300
            assert not configuration.get("disable_scale_in")
