"""Load balancers in the VPC, their listeners with rules and certificates, and target groups with their targets.

Answers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.kinds.serving import action, condition
from delivery.verify.known import Known

DESCRIBED_AT_ONCE = 20  # of DescribeTags
VPC = "aws_vpc"
BALANCERS = ("aws_lb", "aws_alb")


def load_balancer(answer: Answer) -> dict[str, Any]:
    """`Attributes`: what DescribeLoadBalancerAttributes says, as a table."""
    said = answer.get("Attributes", {})
    return {
        "id": answer["LoadBalancerArn"],
        "arn": answer["LoadBalancerArn"],
        "name": answer["LoadBalancerName"],
        "internal": answer.get("Scheme") == "internal",
        "load_balancer_type": answer.get("Type"),
        "ip_address_type": answer.get("IpAddressType"),
        "vpc_id": answer.get("VpcId"),
        "security_groups": answer.get("SecurityGroups", []),
        "subnets": [zone["SubnetId"] for zone in answer.get("AvailabilityZones", [])],
        "drop_invalid_header_fields": said.get("routing.http.drop_invalid_header_fields.enabled") == "true",
        "desync_mitigation_mode": said.get("routing.http.desync_mitigation_mode"),
        "enable_deletion_protection": said.get("deletion_protection.enabled") == "true",
        "access_logs": [
            {
                "enabled": said.get("access_logs.s3.enabled") == "true",
                "bucket": said.get("access_logs.s3.bucket", ""),
                "prefix": said.get("access_logs.s3.prefix", ""),
            }
        ],
        **tagged(answer),
    }


def classic_load_balancer(answer: Answer) -> dict[str, Any]:
    listeners = [item["Listener"] for item in answer.get("ListenerDescriptions", [])]
    return {
        "id": answer["LoadBalancerName"],
        "name": answer["LoadBalancerName"],
        "internal": answer.get("Scheme") == "internal",
        "security_groups": answer.get("SecurityGroups", []),
        "subnets": answer.get("Subnets", []),
        "listener": [
            {
                "lb_port": item["LoadBalancerPort"],
                "lb_protocol": item["Protocol"].lower(),
                "instance_port": item["InstancePort"],
                "instance_protocol": item.get("InstanceProtocol", "").lower(),
            }
            for item in listeners
        ],
    }


def listener(answer: Answer) -> dict[str, Any]:
    certificates = answer.get("Certificates") or [{}]
    return {
        "id": answer["ListenerArn"],
        "arn": answer["ListenerArn"],
        "load_balancer_arn": answer["LoadBalancerArn"],
        "port": answer.get("Port"),
        "protocol": answer.get("Protocol"),
        "ssl_policy": answer.get("SslPolicy"),
        "certificate_arn": certificates[0].get("CertificateArn"),
        "default_action": [action(each) for each in answer.get("DefaultActions", [])],
        **tagged(answer),
    }


def listener_rule(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["RuleArn"],
        "arn": answer["RuleArn"],
        "listener_arn": answer["ListenerArn"],
        "priority": int(answer["Priority"]) if answer["Priority"].isdigit() else None,
        "action": [action(each) for each in answer.get("Actions", [])],
        "condition": [condition(each) for each in answer.get("Conditions", [])],
        **tagged(answer),
    }


def listener_certificate(answer: Answer) -> dict[str, Any]:
    listener_arn, certificate_arn = answer["ListenerArn"], answer["CertificateArn"]
    return {
        "id": f"{listener_arn}_{certificate_arn}",
        "listener_arn": listener_arn,
        "certificate_arn": certificate_arn,
    }


def in_vpc(known: Known, answers: list[Answer], key: str = "VpcId") -> list[Answer]:
    vpcs = known.values("id", VPC)
    return [answer for answer in answers if answer.get(key) in vpcs]


def _balancers(known: Known, ask: Ask) -> list[Answer]:
    return in_vpc(known, ask.all("elbv2", "describe_load_balancers", "LoadBalancers"))


def _listeners(known: Known, ask: Ask) -> list[Answer]:
    arns = dict.fromkeys(
        [*known.values("arn", *BALANCERS), *(each["LoadBalancerArn"] for each in _balancers(known, ask))]
    )
    return [each for arn in arns for each in ask.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)]


def with_tags(answers: list[Answer], key: str, ask: Ask) -> Iterator[Answer]:
    arns = [each[key] for each in answers]
    described = ask.each("elbv2", "describe_tags", "TagDescriptions", "ResourceArns", arns, DESCRIBED_AT_ONCE)
    tags = {each["ResourceArn"]: each["Tags"] for each in described}
    yield from ({**each, "Tags": tags.get(each[key], [])} for each in answers)


def _described_balancers(known: Known, ask: Ask) -> Iterator[Answer]:
    for each in with_tags(_balancers(known, ask), "LoadBalancerArn", ask):
        arn = each["LoadBalancerArn"]
        said = ask.all("elbv2", "describe_load_balancer_attributes", "Attributes", LoadBalancerArn=arn)
        yield {**each, "Attributes": {item["Key"]: item["Value"] for item in said}}


def _rules(known: Known, ask: Ask) -> Iterator[Answer]:
    rules = [
        {**each, "ListenerArn": arn}
        for arn in (item["ListenerArn"] for item in _listeners(known, ask))
        for each in ask.all("elbv2", "describe_rules", "Rules", ListenerArn=arn)
    ]
    yield from with_tags(rules, "RuleArn", ask)


def _certificates(known: Known, ask: Ask) -> Iterator[Answer]:
    for item in _listeners(known, ask):
        if item.get("Certificates"):
            arn = item["ListenerArn"]
            for each in ask.all("elbv2", "describe_listener_certificates", "Certificates", ListenerArn=arn):
                yield {**each, "ListenerArn": arn}


KINDS = (
    Kind("aws_lb", _described_balancers, load_balancer, also=("aws_alb",)),
    Kind(
        "aws_elb",
        lambda known, ask: in_vpc(
            known, ask.all("elb", "describe_load_balancers", "LoadBalancerDescriptions"), "VPCId"
        ),
        classic_load_balancer,
    ),
    Kind(
        "aws_lb_listener",
        lambda known, ask: with_tags(_listeners(known, ask), "ListenerArn", ask),
        listener,
        also=("aws_alb_listener",),
    ),
    Kind(
        "aws_lb_listener_rule",
        _rules,
        listener_rule,
        also=("aws_alb_listener_rule",),
        excuses=(
            Excuse(
                "every listener has a default rule, which a state shows as the listener's default action",
                lambda answer, _known: bool(answer.get("IsDefault")),
            ),
        ),
    ),
    Kind(
        "aws_lb_listener_certificate",
        _certificates,
        listener_certificate,
        same=by("listener_arn", "certificate_arn"),
        also=("aws_alb_listener_certificate",),
        excuses=(
            Excuse(
                "AWS lists a listener's own certificate among the others",
                lambda answer, _known: bool(answer.get("IsDefault")),
            ),
        ),
    ),
)
