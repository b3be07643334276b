"""Security groups: the declared edges, the ways out and the entrance, each on one port; nothing else."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.routing import default_route
from tests.unit.infra.rules import EGRESS, INGRESS, edges, outside
from tests.unit.infra.stack import SERVICES, Stack

ANYONE = "0.0.0.0/0"
STRAY = {"ip_protocol": "tcp", "from_port": 8081, "to_port": 8081}
AT_FRAUD = {**STRAY, "security_group_id": "${aws_security_group.fraud-detection.id}"}
AT_ALB = {**STRAY, "security_group_id": "${aws_security_group.alb.id}"}
TO_FRAUD = {"referenced_security_group_id": "${aws_security_group.fraud-detection.id}"}

ENTRANCE = {("alb", "payment-api", 8080)}
CALLS = {
    ("payment-api", "fraud-detection", 8081),
    ("payment-api", "notification-service", 8082),
    ("fraud-detection", "notification-service", 8082),
}
TO_AWS_APIS = {(name, "vpc-endpoints", 443) for name in SERVICES}


@pytest.mark.clause("P.8.1", proof="synth")
@red_when(
    drop(f"{INGRESS}/alb-to-payment-api"),
    drop(f"{EGRESS}/alb-to-payment-api"),
    change(f"{INGRESS}/alb-to-payment-api/from_port", 80),
    change(f"{INGRESS}/alb-to-payment-api/referenced_security_group_id", "${aws_security_group.fraud-detection.id}"),
    add(f"{EGRESS}/stray", {**AT_ALB, **TO_FRAUD}),
)
def test_the_load_balancer_may_reach_payment_api_on_8080_and_nothing_else(stack: Stack) -> None:
    for kind in (EGRESS, INGRESS):
        assert {edge for edge in edges(stack, kind) if "alb" in edge} == ENTRANCE
    assert {way for way in outside(stack, EGRESS) if way[0] == "alb"} == set()


@pytest.mark.clause("P.8.2", proof="synth")
@red_when(
    drop(f"{EGRESS}/payment-api-to-fraud-detection"),
    drop(f"{INGRESS}/payment-api-to-fraud-detection"),
    change(f"{INGRESS}/fraud-detection-to-notification-service/from_port", 8083),
    add(
        f"{INGRESS}/stray",
        {**AT_FRAUD, "referenced_security_group_id": "${aws_security_group.notification-service.id}"},
    ),
    add(f"{EGRESS}/stray", {**AT_FRAUD, "referenced_security_group_id": "${aws_security_group.payment-api.id}"}),
    add(f"{INGRESS}/stray", {**AT_FRAUD, "cidr_ipv4": "10.20.0.0/16"}),
    change(
        "aws_ecs_service/payment-api/network_configuration/security_groups/0",
        "${aws_security_group.fraud-detection.id}",
    ),
)
def test_services_reach_each_other_along_the_declared_calls_and_no_other_way(stack: Stack) -> None:
    for kind in (EGRESS, INGRESS):
        assert edges(stack, kind) == ENTRANCE | CALLS | TO_AWS_APIS
    assert {way for way in outside(stack, INGRESS) if way[0] != "alb"} == set()


@red_when(
    change(f"{INGRESS}/payment-api-to-fraud-detection/ip_protocol", "-1"),
    change(f"{EGRESS}/alb-to-payment-api/to_port", 65535),
    drop(f"{EGRESS}/alb-to-payment-api/to_port"),
    drop(f"{EGRESS}/alb-to-payment-api/description"),
)
def test_every_rule_opens_one_tcp_port_and_says_what_for(stack: Stack) -> None:
    for kind in (EGRESS, INGRESS):
        for rule in stack.all(kind).values():
            assert rule["ip_protocol"] == "tcp"
            assert rule["from_port"] == rule.get("to_port")
            assert rule.get("description")


@red_when(
    add("aws_security_group/payment-api/ingress", [{"from_port": 0, "to_port": 0, "protocol": "-1"}]),
    add("aws_security_group/fraud-detection/egress", []),
    add("aws_security_group_rule/legacy", {"type": "ingress"}),
    add("aws_network_acl_rule/open", {"egress": False}),
    change("aws_security_group/alb/vpc_id", "another"),
)
def test_rules_stand_in_one_place_and_not_inside_the_groups(stack: Stack) -> None:
    """Terraform takes the allow-all egress rule, that AWS gives every new group, away from groups without rules."""
    for group in stack.all("aws_security_group").values():
        assert not group.keys() & {"ingress", "egress"}
        stack.target(group["vpc_id"], "aws_vpc", "id")
    assert not stack.all("aws_security_group_rule")
    assert not stack.all("aws_network_acl_rule")


@pytest.mark.clause("P.8.3", proof="synth")
@red_when(
    change("aws_ecs_service/payment-api/network_configuration/assign_public_ip", True),
    change("aws_subnet/private-us-east-1a/map_public_ip_on_launch", True),
    change(f"{EGRESS}/payment-api-to-outbound-443/from_port", 80),
    add(f"{INGRESS}/stray", {**AT_FRAUD, "cidr_ipv4": ANYONE}),
    add("aws_route/private-us-east-1b/gateway_id", "${aws_internet_gateway.main.id}"),
    change("aws_ecs_service/payment-api/network_configuration/subnets/0", "${aws_subnet.public-us-east-1a.id}"),
)
def test_tasks_have_no_direct_way_to_or_from_the_internet(stack: Stack) -> None:
    for name in SERVICES:
        network = stack.service(name)["network_configuration"]
        assert network["assign_public_ip"] is False
        for subnet in network["subnets"]:
            address = stack.address(subnet, "aws_subnet", "id")
            assert stack.at(address)["map_public_ip_on_launch"] is False
            assert "gateway_id" not in default_route(stack, address)
        assert {way for way in outside(stack, INGRESS) if way[0] == name} == set()
        ways_out = {(beyond, port) for place, beyond, port in outside(stack, EGRESS) if place == name}
        assert ways_out == {(ANYONE, 443), ("${aws_vpc_endpoint.s3.prefix_list_id}", 443)}


@red_when(
    change(f"{INGRESS}/clients-1-to-alb/from_port", 80),
    drop(f"{INGRESS}/clients-1-to-alb"),
    add(f"{INGRESS}/stray", {**AT_ALB, "cidr_ipv4": ANYONE}),
)
def test_the_internet_may_reach_the_load_balancer_on_443_only(stack: Stack) -> None:
    assert outside(stack, INGRESS) == {("alb", ANYONE, 443)}


@red_when(
    drop("aws_default_security_group/closed"),
    change("aws_default_security_group/closed/vpc_id", "another"),
    add("aws_default_security_group/closed/ingress", [{"self": True}]),
)
def test_the_default_security_group_lets_nothing_through(stack: Stack) -> None:
    group = stack.one("aws_default_security_group")
    stack.target(group["vpc_id"], "aws_vpc", "id")
    assert not group.keys() & {"ingress", "egress"}
