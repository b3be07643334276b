"""Places of the synthesized stack that mutants edit, and security group rules to add to it."""

from typing import Any

VPC, IGW, ALB = "aws_vpc.main", "aws_internet_gateway.main", "aws_lb.public"
API, FRAUD, NOTIFY = (f"aws_ecs_service.{name}" for name in ("payment-api", "fraud-detection", "notification-service"))
ALB_GROUP, ENDPOINTS_GROUP = "aws_security_group.alb", "aws_security_group.vpc-endpoints"
API_GROUP, FRAUD_GROUP, NOTIFY_GROUP = (
    f"aws_security_group.{name}" for name in ("payment-api", "fraud-detection", "notification-service")
)
INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
WORLD, NETWORK = "0.0.0.0/0", "network_configuration"


def ref(address: str, attribute: str = "id") -> str:
    """A written reference."""
    return f"${{{address}.{attribute}}}"


def tcp(first: int, last: int | None = None) -> dict[str, Any]:
    """The traffic of a separate rule."""
    return {"ip_protocol": "tcp", "from_port": first, "to_port": first if last is None else last}


def named(words: str) -> dict[str, str]:
    """Tags with a name after the pattern of the spec, so that no rule about names has anything to say."""
    return {"Name": f"{words}-added-production-pr42"}


def rule(owner: str, traffic: dict[str, Any], **peer: str) -> dict[str, Any]:
    """A separate rule of a group; the peer is a group's address as `group`, or any attribute of the rule."""
    other = {"referenced_security_group_id": ref(peer.pop("group"))} if "group" in peer else {}
    return {"security_group_id": ref(owner), "tags": named("security-group-rule"), **traffic, **other, **peer}


def inline(first: int, last: int, *, protocol: str = "tcp", **peer: Any) -> dict[str, Any]:
    """A rule as a block inside a group."""
    return {"from_port": first, "to_port": last, "protocol": protocol, **peer}


def nightly_tasks(subnets: list[str], group: str) -> dict[str, Any]:
    """A target of an event rule that runs tasks of payment-api."""
    network = {"subnets": subnets, "security_groups": [group]}
    task = {
        "task_definition_arn": ref("aws_ecs_task_definition.payment-api", "arn"),
        "network_configuration": [network],
    }
    return {"rule": "nightly", "force_destroy": True, "arn": ref("aws_ecs_cluster.main", "arn"), "ecs_target": [task]}
