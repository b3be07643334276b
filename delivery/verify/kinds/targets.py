"""Target groups in the VPC, and what is registered in them.

Answers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import block, tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.kinds.entrance import in_vpc, with_tags
from delivery.verify.kinds.running import is_address_of_a_task, task_addresses
from delivery.verify.known import Known


def target_group(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["TargetGroupArn"],
        "arn": answer["TargetGroupArn"],
        "name": answer["TargetGroupName"],
        "port": answer.get("Port"),
        "protocol": answer.get("Protocol"),
        "target_type": answer.get("TargetType"),
        "vpc_id": answer.get("VpcId"),
        "health_check": block(
            {
                "enabled": answer.get("HealthCheckEnabled"),
                "healthy_threshold": answer.get("HealthyThresholdCount"),
                "unhealthy_threshold": answer.get("UnhealthyThresholdCount"),
                "interval": answer.get("HealthCheckIntervalSeconds"),
                "timeout": answer.get("HealthCheckTimeoutSeconds"),
                "matcher": (answer.get("Matcher") or {}).get("HttpCode"),
                "path": answer.get("HealthCheckPath"),
                "port": answer.get("HealthCheckPort"),
                "protocol": answer.get("HealthCheckProtocol"),
            }
        ),
        **tagged(answer),
    }


def attachment(answer: Answer) -> dict[str, Any]:
    target = answer["Target"]
    return {
        "id": f"{answer['TargetGroupArn']}-{target['Id']}",
        "target_group_arn": answer["TargetGroupArn"],
        "target_id": target["Id"],
        "port": target.get("Port"),
    }


def _groups(known: Known, ask: Ask) -> list[Answer]:
    return in_vpc(known, ask.all("elbv2", "describe_target_groups", "TargetGroups"))


def _targets(known: Known, ask: Ask) -> Iterator[Answer]:
    """Targets first, tasks after them: a task that starts meanwhile is no target yet."""
    targets = [
        {**each, "TargetGroupArn": group["TargetGroupArn"], "Address": each["Target"]["Id"]}
        for group in _groups(known, ask)
        for each in ask.all(
            "elbv2", "describe_target_health", "TargetHealthDescriptions", TargetGroupArn=group["TargetGroupArn"]
        )
    ]
    addresses = task_addresses(known, ask)
    yield from ({**each, "TaskAddresses": addresses} for each in targets)


KINDS = (
    Kind(
        "aws_lb_target_group",
        lambda known, ask: with_tags(_groups(known, ask), "TargetGroupArn", ask),
        target_group,
        also=("aws_alb_target_group",),
    ),
    Kind(
        "aws_lb_target_group_attachment",
        _targets,
        attachment,
        same=by("target_group_arn", "target_id"),
        also=("aws_alb_target_group_attachment",),
        excuses=(Excuse("ECS registers the address of each task of a service", is_address_of_a_task),),
    ),
)
