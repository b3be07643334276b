"""What changes the number of tasks of the services of a stack: targets, policies and scheduled actions.

Answers: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_Operations.html (checked 2026-11-26). The
alarms that a target-tracking policy makes are its own, and nobody can change them for long.
"""

from functools import partial
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import block, last, tagged
from delivery.verify.kind import Kind, by
from delivery.verify.kinds.running import clusters
from delivery.verify.known import Known

PLACE = ("service_namespace", "resource_id", "scalable_dimension")


def target(answer: Answer) -> dict[str, Any]:
    suspended = answer.get("SuspendedState") or {}
    return {
        "id": answer["ResourceId"],
        "arn": answer.get("ScalableTargetARN"),
        **_place(answer),
        "min_capacity": answer.get("MinCapacity"),
        "max_capacity": answer.get("MaxCapacity"),
        "role_arn": answer.get("RoleARN"),
        "suspended_state": block(
            {
                "dynamic_scaling_in_suspended": suspended.get("DynamicScalingInSuspended"),
                "dynamic_scaling_out_suspended": suspended.get("DynamicScalingOutSuspended"),
                "scheduled_scaling_suspended": suspended.get("ScheduledScalingSuspended"),
            }
        ),
        **tagged(answer),
    }


def policy(answer: Answer) -> dict[str, Any]:
    tracking = answer.get("TargetTrackingScalingPolicyConfiguration")
    steps = answer.get("StepScalingPolicyConfiguration")
    return {
        "id": f"{answer['ResourceId']} {answer['PolicyName']}",
        "name": answer["PolicyName"],
        "arn": answer.get("PolicyARN"),
        "policy_type": answer["PolicyType"],
        **_place(answer),
        "target_tracking_scaling_policy_configuration": [_tracking(tracking)] if tracking else [],
        "step_scaling_policy_configuration": [_steps(steps)] if steps else [],
    }


def scheduled_action(answer: Answer) -> dict[str, Any]:
    action = answer.get("ScalableTargetAction") or {}
    return {
        "id": f"{answer['ResourceId']} {answer['ScheduledActionName']}",
        "name": answer["ScheduledActionName"],
        "arn": answer.get("ScheduledActionARN"),
        **_place(answer),
        "schedule": answer.get("Schedule"),
        "scalable_target_action": block(
            {"min_capacity": action.get("MinCapacity"), "max_capacity": action.get("MaxCapacity")}
        ),
    }


def _place(answer: Answer) -> dict[str, Any]:
    return {
        "service_namespace": answer["ServiceNamespace"],
        "resource_id": answer["ResourceId"],
        "scalable_dimension": answer["ScalableDimension"],
    }


def _tracking(config: Answer) -> dict[str, Any]:
    metric = config.get("PredefinedMetricSpecification") or {}
    custom = config.get("CustomizedMetricSpecification")
    return {
        "target_value": config["TargetValue"],
        "scale_in_cooldown": config.get("ScaleInCooldown"),
        "scale_out_cooldown": config.get("ScaleOutCooldown"),
        "disable_scale_in": config.get("DisableScaleIn", False),
        "predefined_metric_specification": block({"predefined_metric_type": metric.get("PredefinedMetricType")}),
        "customized_metric_specification": [{"metric_name": custom.get("MetricName")}] if custom else [],
    }


def _steps(config: Answer) -> dict[str, Any]:
    return {
        "adjustment_type": config.get("AdjustmentType"),
        "cooldown": config.get("Cooldown"),
        "step_adjustment": [
            {"scaling_adjustment": each["ScalingAdjustment"]} for each in config.get("StepAdjustments", [])
        ],
    }


def _of_services(operation: str, key: str, known: Known, ask: Ask) -> list[Answer]:
    starts = tuple(f"service/{last(cluster)}/" for cluster in clusters(known))
    found = ask.all("application-autoscaling", operation, key, ServiceNamespace="ecs") if starts else []
    return [each for each in found if each["ResourceId"].startswith(starts)]


KINDS = (
    Kind(
        "aws_appautoscaling_target",
        partial(_of_services, "describe_scalable_targets", "ScalableTargets"),
        target,
        by(*PLACE),
    ),
    Kind(
        "aws_appautoscaling_policy",
        partial(_of_services, "describe_scaling_policies", "ScalingPolicies"),
        policy,
        by("name", *PLACE),
    ),
    Kind(
        "aws_appautoscaling_scheduled_action",
        partial(_of_services, "describe_scheduled_actions", "ScheduledActions"),
        scheduled_action,
        by("name", *PLACE),
    ),
)
