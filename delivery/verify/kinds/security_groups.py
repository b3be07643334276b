"""Security groups of the VPC, and their rules.

Answers: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.kinds.network import ALL_PROTOCOLS, VPC, in_vpcs
from delivery.verify.known import Known

RULES = {False: "aws_vpc_security_group_ingress_rule", True: "aws_vpc_security_group_egress_rule"}


FILTER_VALUES = 200  # of one filter


def security_group(answer: Answer) -> dict[str, Any]:
    """Without rules: each of them is a resource of its own."""
    return {
        "id": answer["GroupId"],
        "name": answer["GroupName"],
        "description": answer.get("Description"),
        "vpc_id": answer.get("VpcId"),
        "ingress": [],
        "egress": [],
        **tagged(answer),
    }


def security_group_rule(answer: Answer) -> dict[str, Any]:
    ports = {"from_port": answer.get("FromPort"), "to_port": answer.get("ToPort")}
    every = answer["IpProtocol"] == ALL_PROTOCOLS
    return {
        "id": answer["SecurityGroupRuleId"],
        "security_group_rule_id": answer["SecurityGroupRuleId"],
        "security_group_id": answer["GroupId"],
        "ip_protocol": answer["IpProtocol"],
        **(dict.fromkeys(ports) if every else ports),
        "cidr_ipv4": answer.get("CidrIpv4"),
        "cidr_ipv6": answer.get("CidrIpv6"),
        "prefix_list_id": answer.get("PrefixListId"),
        "referenced_security_group_id": (answer.get("ReferencedGroupInfo") or {}).get("GroupId"),
        "description": answer.get("Description"),
        **tagged(answer),
    }


def _group_rules(known: Known, ask: Ask, *, egress: bool) -> Iterator[Answer]:
    groups = [each["GroupId"] for each in in_vpcs("describe_security_groups", "SecurityGroups", known, ask)]
    for start in range(0, len(groups), FILTER_VALUES):
        filters = [{"Name": "group-id", "Values": groups[start : start + FILTER_VALUES]}]
        found = ask.all("ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=filters)
        yield from (each for each in found if each["IsEgress"] is egress)


KINDS = (
    Kind(
        "aws_security_group",
        partial(in_vpcs, "describe_security_groups", "SecurityGroups"),
        security_group,
        also=("aws_default_security_group",),
        excuses=(
            Excuse(
                "AWS makes a default group with every VPC; its rules are listed, and the rules judge it as a default",
                lambda answer, known: answer["GroupId"] in known.values("default_security_group_id", VPC),
            ),
        ),
    ),
    *(
        Kind(
            kind,
            partial(_group_rules, egress=egress),
            security_group_rule,
            same=by("security_group_rule_id"),
            also=("aws_security_group_rule",),
        )
        for egress, kind in RULES.items()
    ),
)
