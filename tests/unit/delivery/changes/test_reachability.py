"""Paths that a plan opens and closes, on the real gateway stack and on plans that repeat what they delete."""

import copy
from typing import Any

import pytest

from delivery.changes.graphs import before_and_after
from delivery.changes.reachability import PathChange, Reachability, reachability_changes
from policies.graph.addresses import cidr
from policies.graph.terraform_json import load_document
from policies.mutant import Edit, add, both, drop, mutated, put
from tests.unit.delivery.changes.plans import Document, plan, resource

API, FRAUD = "aws_ecs_service.api-gateway", "aws_ecs_service.fraud-detector"
DATABASES = {"the databases": cidr("10.30.240.0/20")}
EGRESS, INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"
CALL_OUT = add(
    f"{EGRESS}.call",
    {
        "security_group_id": "${aws_security_group.api-gateway.id}",
        "referenced_security_group_id": "${aws_security_group.fraud-detector.id}",
        "ip_protocol": "tcp",
        "from_port": 8082,
        "to_port": 8082,
    },
)
CALL_IN = add(
    f"{INGRESS}.call",
    {
        "security_group_id": "${aws_security_group.fraud-detector.id}",
        "referenced_security_group_id": "${aws_security_group.api-gateway.id}",
        "ip_protocol": "tcp",
        "from_port": 8082,
        "to_port": 8082,
    },
)
OUT_TO_DATABASES = add(
    f"{EGRESS}.databases",
    {
        "security_group_id": "${aws_security_group.api-gateway.id}",
        "cidr_ipv4": "10.30.240.0/20",
        "ip_protocol": "tcp",
        "from_port": 5432,
        "to_port": 5432,
    },
)


def after(gateway: Document, edit: Edit, known: Any = None) -> Reachability:
    return reachability_changes(load_document(gateway), load_document(mutated(gateway, edit)), known)


def test_a_stack_reaches_what_it_reached(gateway: Document) -> None:
    same = load_document(gateway)

    assert reachability_changes(same, load_document(copy.deepcopy(gateway))) == Reachability()


def test_half_a_call_opens_nothing_and_the_whole_of_it_one_path(gateway: Document) -> None:
    assert after(gateway, CALL_OUT) == Reachability()
    assert after(gateway, both(CALL_OUT, CALL_IN)).opened == (PathChange(API, FRAUD, "VPC", "tcp 8082"),)


def test_what_is_opened_one_way_is_closed_the_other_way(gateway: Document) -> None:
    larger = load_document(mutated(gateway, both(CALL_OUT, CALL_IN)))

    assert reachability_changes(larger, load_document(gateway)).closed == (PathChange(API, FRAUD, "VPC", "tcp 8082"),)


def test_a_wider_door_opens_the_part_that_is_new(gateway: Document) -> None:
    door = next(name for name in gateway["resource"][INGRESS] if "alb" in name or "public" in name)
    change = after(gateway, put(f"{INGRESS}.{door}", "from_port", 80))

    assert change.opened == ()  # nothing listens there


def test_a_listener_opens_the_load_balancer(gateway: Document) -> None:
    [name] = gateway["resource"]["aws_lb_listener"]
    listener = {**gateway["resource"]["aws_lb_listener"][name], "port": 80, "protocol": "HTTP"}
    [door] = [each for each, rule in gateway["resource"][INGRESS].items() if rule.get("cidr_ipv4") == "0.0.0.0/0"]
    opened = {**gateway["resource"][INGRESS][door], "from_port": 80, "to_port": 80}
    change = after(gateway, both(add("aws_lb_listener.plain", listener), add(f"{INGRESS}.plain", opened)))

    assert PathChange("internet", "aws_lb.public", "internet gateway", "tcp 80", "0.0.0.0/0") in change.opened


def test_a_route_around_the_nat_gateway_closes_the_one_and_opens_what_the_other_lets_through(gateway: Document) -> None:
    zones = [name for name, route in gateway["resource"]["aws_route"].items() if "nat_gateway_id" in route]
    change = after(gateway, both(*(drop(f"aws_route.{name}") for name in zones)))

    assert PathChange(API, "internet", "NAT gateway", "tcp 443", "0.0.0.0/0") in change.closed
    assert change.opened == ()


@pytest.mark.parametrize(("known", "name"), [(DATABASES, "the databases"), (None, "other addresses of the VPC")])
def test_databases_are_reached_where_nothing_of_the_stack_stands(gateway: Document, known: Any, name: str) -> None:
    assert after(gateway, OUT_TO_DATABASES, known).opened == (
        PathChange(API, name, "VPC", "tcp 5432", "10.30.240.0/20"),
    )


def test_a_world_that_cannot_be_read_is_a_problem_and_no_silence(gateway: Document) -> None:
    change = after(gateway, put(f"{API}", "network_configuration.subnets", ["${aws_subnet.nowhere.id}"]))

    assert "aws_subnet.nowhere" in change.problem
    assert change.opened == change.closed == ()


def test_a_rule_that_the_plan_deletes_closes_its_path_though_the_group_repeats_it() -> None:
    rule = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}
    standing = [
        resource("aws_vpc.v", id="vpc-1", cidr_block="10.0.0.0/16"),
        resource("aws_internet_gateway.i", id="igw-1", vpc_id="vpc-1"),
        resource("aws_subnet.s", id="subnet-1", vpc_id="vpc-1", cidr_block="10.0.0.0/24"),
        resource("aws_route_table.t", id="rtb-1", vpc_id="vpc-1", route=[]),
        resource("aws_route_table_association.a", subnet_id="subnet-1", route_table_id="rtb-1"),
        resource("aws_route.r", route_table_id="rtb-1", destination_cidr_block="0.0.0.0/0", gateway_id="igw-1"),
        resource("aws_security_group.g", id="sg-1", vpc_id="vpc-1", egress=[rule], ingress=[]),
        resource("aws_instance.i", id="i-1", subnet_id="subnet-1", vpc_security_group_ids=["sg-1"])
        | {
            "values": {"subnet_id": "subnet-1", "vpc_security_group_ids": ["sg-1"], "associate_public_ip_address": True}
        },
    ]
    separate = resource(
        "aws_vpc_security_group_egress_rule.e",
        security_group_id="sg-1",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4="0.0.0.0/0",
    )
    change = reachability_changes(*before_and_after(plan([*standing, separate], standing)))

    assert change.closed == (PathChange("aws_instance.i", "internet", "internet gateway", "tcp 443", "0.0.0.0/0"),)
