"""Changes of the security groups of the gateway stack."""

from typing import Any

from tests.integration.tampering.change import GATEWAY as STACK
from tests.integration.tampering.change import Change, Target, Undo, unknown

WORLD = "0.0.0.0/0"


API, ALB, CLOSED = "aws_security_group.api-gateway", "aws_security_group.alb", "aws_default_security_group.closed"


INGRESS, EGRESS = unknown("aws_vpc_security_group_ingress_rule"), unknown("aws_vpc_security_group_egress_rule")


def rule_added(group: str, direction: str, protocol: str, port: int) -> Any:
    """A rule for the whole world in a security group."""

    def make(target: Target) -> Undo:
        ec2 = target.client("ec2")
        permission = {"IpProtocol": protocol, "IpRanges": [{"CidrIp": WORLD}]}
        if protocol != "-1":
            permission |= {"FromPort": port, "ToPort": port}
        place = {"GroupId": target.id(group), "IpPermissions": [permission]}
        getattr(ec2, f"authorize_security_group_{direction}")(**place)
        return lambda: getattr(ec2, f"revoke_security_group_{direction}")(**place)

    return make


def rule_widened(target: Target) -> Undo:
    ec2, values = target.client("ec2"), target["aws_vpc_security_group_ingress_rule.alb-to-api-gateway"]

    def ports(first: int, last: int) -> None:
        rule = {
            "IpProtocol": "tcp",
            "FromPort": first,
            "ToPort": last,
            "ReferencedGroupId": values["referenced_security_group_id"],
            "Description": values["description"],
        }
        ec2.modify_security_group_rules(
            GroupId=values["security_group_id"],
            SecurityGroupRules=[{"SecurityGroupRuleId": values["id"], "SecurityGroupRule": rule}],
        )

    ports(1, 65535)
    return lambda: ports(values["from_port"], values["to_port"])


CHANGES = (
    Change(
        STACK,
        "a service opened to the world on port 22",
        rule_added(API, "ingress", "tcp", 22),
        "security-group-rules",
        INGRESS,
        also=(
            "name-suffix",
            "open-to-the-world",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "a service let out to everywhere",
        rule_added(API, "egress", "-1", 0),
        "security-group-rules",
        EGRESS,
        also=(
            "name-suffix",
            "reachability",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the load balancer opened on port 8080",
        rule_added(ALB, "ingress", "tcp", 8080),
        "open-to-the-world",
        INGRESS,
        also=(
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "security-group-rules",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the default security group given a rule",
        rule_added(CLOSED, "ingress", "tcp", 443),
        "default-security-group-closed",
        CLOSED,
        also=(
            "name-suffix",
            "open-to-the-world",
            "required-tags",
            "suffix-tag",
            "security-group-rules",
        ),
        unread=("service-tag",),
    ),
    Change(
        STACK,
        "the rule from the load balancer widened to every port",
        rule_widened,
        "security-group-rules",
        "aws_vpc_security_group_ingress_rule.alb-to-api-gateway",
    ),
)
