"""Changes of the scaling of the payments stack."""

from typing import Any

from tests.integration.tampering.change import PAYMENTS, Change, Target, Undo, unknown

TARGET, POLICY = "aws_appautoscaling_target.payment-api", "aws_appautoscaling_policy.payment-api-cpu"


SCALING = "application-autoscaling"


def _place(target: Target, address: str) -> dict[str, Any]:
    values = target[address]
    return {
        "ServiceNamespace": values["service_namespace"],
        "ResourceId": values["resource_id"],
        "ScalableDimension": values["scalable_dimension"],
    }


def range_changed(**changed: Any) -> Any:
    def make(target: Target) -> Undo:
        client, values, place = target.client(SCALING), target[TARGET], _place(target, TARGET)
        before = {"MinCapacity": values["min_capacity"], "MaxCapacity": values["max_capacity"]}
        client.register_scalable_target(**place, **changed)
        return lambda: client.register_scalable_target(**place, **before)

    return make


def _policy(target: Target) -> dict[str, Any]:
    place = _place(target, POLICY)
    answer = target.client(SCALING).describe_scaling_policies(ServiceNamespace="ecs", ResourceId=place["ResourceId"])
    found = next(each for each in answer["ScalingPolicies"] if each["PolicyName"] == target[POLICY]["name"])
    key = "TargetTrackingScalingPolicyConfiguration"
    return {**place, "PolicyName": found["PolicyName"], "PolicyType": found["PolicyType"], key: found[key]}


def policy_deleted(target: Target) -> Undo:
    client, policy = target.client(SCALING), _policy(target)
    client.delete_scaling_policy(**_place(target, POLICY), PolicyName=policy["PolicyName"])
    return lambda: client.put_scaling_policy(**policy)


def policy_retargeted(target: Target) -> Undo:
    client, policy = target.client(SCALING), _policy(target)
    key = "TargetTrackingScalingPolicyConfiguration"
    client.put_scaling_policy(**{**policy, key: {**policy[key], "TargetValue": 95.0}})
    return lambda: client.put_scaling_policy(**policy)


def steps_added(target: Target) -> Undo:
    client, place = target.client(SCALING), _place(target, POLICY)
    steps = {
        "AdjustmentType": "ExactCapacity",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}],
        "Cooldown": 60,
    }
    client.put_scaling_policy(
        **place, PolicyName="steps", PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )
    return lambda: client.delete_scaling_policy(**place, PolicyName="steps")


def action_scheduled(target: Target) -> Undo:
    client, place = target.client(SCALING), _place(target, TARGET)
    client.put_scheduled_action(
        **place,
        ScheduledActionName="night",
        Schedule="cron(0 22 * * ? *)",
        ScalableTargetAction={"MinCapacity": 0, "MaxCapacity": 0},
    )
    return lambda: client.delete_scheduled_action(**place, ScheduledActionName="night")


CHANGES = (
    Change(PAYMENTS, "the most tasks raised to 50", range_changed(MaxCapacity=50), "scaling-range", TARGET),
    Change(PAYMENTS, "the fewest tasks lowered to 1", range_changed(MinCapacity=1), "scaling-range", TARGET),
    Change(
        PAYMENTS, "one scaling policy deleted", policy_deleted, "scaling-tracks-load", "aws_ecs_service.payment-api"
    ),
    Change(
        PAYMENTS,
        "the target of a scaling policy raised to 95 percent",
        policy_retargeted,
        "scaling-tracks-load",
        POLICY,
    ),
    Change(
        PAYMENTS,
        "a step policy added",
        steps_added,
        "scaling-without-steps",
        unknown("aws_appautoscaling_policy"),
        also=(
            "name-pattern",
            "name-suffix",
        ),
    ),
    Change(
        PAYMENTS,
        "all tasks stopped every night",
        action_scheduled,
        "known-kinds",
        unknown("aws_appautoscaling_scheduled_action"),
        also=(
            "name-pattern",
            "name-suffix",
            "scaling-without-steps",
        ),
    ),
)
