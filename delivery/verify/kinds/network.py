"""What stands in the VPC: security groups and their rules, subnets, network ACLs, instances, flow logs.

Answers: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.known import Known

VPC = "aws_vpc"
ALL_PROTOCOLS, EVERYWHERE = "-1", ("0.0.0.0/0", "::/0")
LAST_ENTRY = 32767  # `*` in the console: denies what no other entry has decided


def in_vpcs(operation: str, key: str, known: Known, ask: Ask, name: str = "vpc-id") -> list[Answer]:
    """What EC2 describes in the VPCs of the stack, by the filter of that name."""
    vpcs = known.values("id", VPC)
    return ask.all("ec2", operation, key, Filters=[{"Name": name, "Values": vpcs}]) if vpcs else []


def subnet(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["SubnetId"],
        "vpc_id": answer["VpcId"],
        "cidr_block": answer.get("CidrBlock"),
        "availability_zone": answer.get("AvailabilityZone"),
        "map_public_ip_on_launch": answer.get("MapPublicIpOnLaunch", False),
        **tagged(answer),
    }


def cidr_block(answer: Answer) -> dict[str, Any]:
    return {"id": answer["AssociationId"], "vpc_id": answer["VpcId"], "cidr_block": answer["CidrBlock"]}


def network_acl(answer: Answer) -> dict[str, Any]:
    entries = [each for each in answer.get("Entries", []) if each["RuleNumber"] != LAST_ENTRY]
    return {
        "id": answer["NetworkAclId"],
        "vpc_id": answer["VpcId"],
        "subnet_ids": [each["SubnetId"] for each in answer.get("Associations", [])],
        "ingress": [_entry(each, "rule_no", "action") for each in entries if not each["Egress"]],
        "egress": [_entry(each, "rule_no", "action") for each in entries if each["Egress"]],
        **tagged(answer),
    }


def network_acl_rule(answer: Answer) -> dict[str, Any]:
    acl, number, egress = answer["NetworkAclId"], answer["RuleNumber"], answer["Egress"]
    return {
        "id": f"{acl}:{number}:{'egress' if egress else 'ingress'}",
        "network_acl_id": acl,
        "egress": egress,
        **_entry(answer, "rule_number", "rule_action"),
    }


def _entry(answer: Answer, number: str, verdict: str) -> dict[str, Any]:
    ports = answer.get("PortRange") or {}
    return {
        number: answer["RuleNumber"],
        verdict: answer["RuleAction"],
        "protocol": answer["Protocol"],
        "cidr_block": answer.get("CidrBlock", ""),
        "ipv6_cidr_block": answer.get("Ipv6CidrBlock", ""),
        "from_port": ports.get("From", 0),
        "to_port": ports.get("To", 0),
    }


def instance(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["InstanceId"],
        "ami": answer.get("ImageId"),
        "instance_type": answer.get("InstanceType"),
        "subnet_id": answer.get("SubnetId"),
        "vpc_security_group_ids": [each["GroupId"] for each in answer.get("SecurityGroups", [])],
        "associate_public_ip_address": bool(answer.get("PublicIpAddress")),
        **tagged(answer),
    }


def flow_log(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["FlowLogId"],
        "vpc_id": answer["ResourceId"],
        "traffic_type": answer.get("TrafficType"),
        "iam_role_arn": answer.get("DeliverLogsPermissionArn"),
        "log_destination_type": answer.get("LogDestinationType"),
        "log_destination": answer.get("LogDestination"),
        **tagged(answer),
    }


def _cidr_blocks(known: Known, ask: Ask) -> Iterator[Answer]:
    vpcs = known.values("id", VPC)
    for vpc in ask.all("ec2", "describe_vpcs", "Vpcs", VpcIds=vpcs) if vpcs else ():
        yield from (
            {**each, "VpcId": vpc["VpcId"], "First": vpc["CidrBlock"]}
            for each in vpc.get("CidrBlockAssociationSet", [])
            if each.get("CidrBlockState", {}).get("State") == "associated"
        )


def _default_entries(known: Known, ask: Ask) -> Iterator[Answer]:
    for acl in in_vpcs("describe_network_acls", "NetworkAcls", known, ask):
        if acl["IsDefault"] and acl["NetworkAclId"] not in known.values("id", "aws_default_network_acl"):
            yield from ({**each, "NetworkAclId": acl["NetworkAclId"]} for each in acl["Entries"])


def _instances(known: Known, ask: Ask) -> Iterator[Answer]:
    for reservation in in_vpcs("describe_instances", "Reservations", known, ask):
        yield from (each for each in reservation["Instances"] if each["State"]["Name"] != "terminated")


def _is_default_entry(answer: Answer, _known: Known) -> bool:
    allows_all = answer["RuleAction"] == "allow" and str(answer["Protocol"]) == ALL_PROTOCOLS
    everywhere = (answer.get("CidrBlock") or answer.get("Ipv6CidrBlock")) in EVERYWHERE
    return everywhere and (allows_all or answer["RuleNumber"] >= LAST_ENTRY)


KINDS = (
    Kind("aws_subnet", partial(in_vpcs, "describe_subnets", "Subnets"), subnet, also=("aws_default_subnet",)),
    Kind(
        "aws_vpc_ipv4_cidr_block_association",
        _cidr_blocks,
        cidr_block,
        excuses=(
            Excuse(
                "a VPC has its first range from the beginning, and the state shows it in the VPC",
                lambda answer, _known: answer["CidrBlock"] == answer["First"],
            ),
        ),
    ),
    Kind(
        "aws_network_acl",
        partial(in_vpcs, "describe_network_acls", "NetworkAcls"),
        network_acl,
        also=("aws_default_network_acl",),
        excuses=(
            Excuse(
                "AWS makes a default ACL with every VPC; what was added to it is listed entry by entry",
                lambda answer, _known: bool(answer["IsDefault"]),
            ),
        ),
    ),
    Kind(
        "aws_network_acl_rule",
        _default_entries,
        network_acl_rule,
        same=by("network_acl_id", "rule_number", "egress"),
        excuses=(Excuse("a default ACL lets everything through, until somebody changes it", _is_default_entry),),
    ),
    Kind("aws_instance", _instances, instance),
    Kind(
        "aws_flow_log",
        partial(in_vpcs, "describe_flow_logs", "FlowLogs", name="resource-id"),
        flow_log,
    ),
)
