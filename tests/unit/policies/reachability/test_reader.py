"""What of a stack becomes part of the world, and what makes it impossible to know."""

from typing import Any

import pytest

from policies.graph import MalformedError, UnresolvedError
from policies.graph.ports import describe_traffic
from policies.graph.terraform_json import load_document
from policies.reachability.reader import world_of
from policies.reachability.world import Place, World

VPC, SUBNET, GROUP = "${aws_vpc.v.id}", "${aws_subnet.s.id}", "${aws_security_group.g.id}"
BASE: dict[str, Any] = {
    "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16"}},
    "aws_subnet": {"s": {"vpc_id": VPC, "cidr_block": "10.0.0.0/24"}},
    "aws_security_group": {"g": {"vpc_id": VPC}},
}
LISTENER = {"load_balancer_arn": "${aws_lb.b.arn}", "port": 443, "protocol": "HTTPS"}


def world(**resources: Any) -> World:
    return world_of(load_document({"resource": {**BASE, **resources}}))


def only(**resources: Any) -> Place:
    [place] = world(**resources).places
    return place


def test_a_service_without_groups_has_the_default_group_of_its_vpc() -> None:
    place = only(aws_ecs_service={"a": {"network_configuration": {"subnets": [SUBNET]}}})

    assert (place.name, place.kind, place.vpc) == ("aws_ecs_service.a", "service", "aws_vpc.v")
    assert place.groups == ("aws_vpc.v.default_security_group_id",)
    assert not place.public_ip


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("aws_scheduler_schedule", {"target": {"ecs_parameters": {"network_configuration": {"subnets": [SUBNET]}}}}),
        (
            "aws_pipes_pipe",
            {
                "target_parameters": {
                    "ecs_task_parameters": {
                        "network_configuration": {
                            "aws_vpc_configuration": {"subnets": [SUBNET], "assign_public_ip": "ENABLED"}
                        }
                    }
                }
            },
        ),
    ],
)
def test_tasks_are_found_whoever_starts_them(kind: str, values: dict[str, Any]) -> None:
    place = only(**{kind: {"x": values}})

    assert (place.kind, place.public_ip) == ("tasks", kind == "aws_pipes_pipe")


def test_a_load_balancer_answers_on_the_ports_of_its_listeners_only() -> None:
    place = only(
        aws_alb={"b": {"subnets": [SUBNET], "security_groups": [GROUP]}},
        aws_lb_listener={"h": {**LISTENER, "load_balancer_arn": "${aws_alb.b.arn}"}},
        aws_alb_listener={"u": {"load_balancer_arn": "${aws_alb.b.arn}", "port": "53", "protocol": "TCP_UDP"}},
    )

    assert place.public_ip
    assert describe_traffic(place.listens) == "tcp 53, tcp 443, udp 53"


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ({"load_balancer_type": "network"}, None),
        ({"load_balancer_type": "network", "security_groups": [GROUP]}, ("aws_security_group.g",)),
        ({}, ("aws_vpc.v.default_security_group_id",)),
    ],
)
def test_a_network_load_balancer_may_have_no_group_at_all(
    values: dict[str, Any], groups: tuple[str, ...] | None
) -> None:
    place = only(aws_lb={"b": {"subnet_mapping": [{"subnet_id": SUBNET}], "internal": "true", **values}})

    assert (place.groups, place.public_ip) == (groups, False)


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ("com.amazonaws.us-east-1.logs", "endpoint"),
        ("aws.api.us-east-1.rds", "endpoint"),
        ("com.amazonaws.vpce.us-east-1.vpce-svc-1", "other"),
        ("", "other"),
    ],
)
def test_an_endpoint_is_one_when_it_leads_to_a_service_of_aws(service: str, kind: str) -> None:
    place = only(
        aws_vpc_endpoint={"e": {"service_name": service, "subnet_ids": [SUBNET]}},
        aws_vpc_endpoint_security_group_association={
            "a": {"vpc_endpoint_id": "${aws_vpc_endpoint.e.id}", "security_group_id": GROUP}
        },
    )

    assert (place.kind, place.initiates) == (kind, False)
    assert place.groups is not None
    assert "aws_security_group.g" in place.groups


@pytest.mark.parametrize(
    ("kind", "values", "more"),
    [
        ("aws_lambda_function", {"vpc_config": [{"subnet_ids": [SUBNET], "security_group_ids": [GROUP]}]}, {}),
        (
            "aws_db_instance",
            {"db_subnet_group_name": "${aws_db_subnet_group.d.name}", "vpc_security_group_ids": [GROUP]},
            {"aws_db_subnet_group": {"d": {"subnet_ids": [SUBNET]}}},
        ),
        ("aws_instance", {"subnet_id": SUBNET, "vpc_security_group_ids": [GROUP]}, {}),
    ],
)
def test_whatever_else_has_an_interface_is_a_place(kind: str, values: dict[str, Any], more: dict[str, Any]) -> None:
    place = only(**{kind: {"x": values}}, **more)

    assert (place.kind, place.groups) == ("other", ("aws_security_group.g",))


def test_what_has_no_interface_is_no_place() -> None:
    found = world(
        aws_lambda_function={"f": {}}, aws_vpc_endpoint={"s3": {"service_name": "com.amazonaws.us-east-1.s3"}}
    )

    assert found.places == ()


NETWORK = {"subnets": [SUBNET]}


@pytest.mark.parametrize(
    ("resources", "error"),
    [
        ({"aws_ecs_service": {"a": {}}}, MalformedError),
        ({"aws_ecs_service": {"a": {"network_configuration": {"subnets": []}}}}, MalformedError),
        ({"aws_ecs_service": {"a": {"network_configuration": {"subnets": ["subnet-1"]}}}}, UnresolvedError),
        (
            {"aws_ecs_service": {"a": {"network_configuration": {**NETWORK, "security_groups": ["sg-1"]}}}},
            UnresolvedError,
        ),
        ({"aws_ecs_service": {"a": {"network_configuration": {**NETWORK, "assign_public_ip": "?"}}}}, MalformedError),
        ({"aws_lb": {"b": {}}}, MalformedError),
        ({"aws_lb": {"b": {"subnets": [SUBNET]}}, "aws_lb_listener": {"l": {**LISTENER, "port": 0}}}, MalformedError),
        ({"aws_vpc": {"v": {"cidr_block": "10.0.0.0/99"}}, "aws_lb": {"b": {"subnets": [SUBNET]}}}, MalformedError),
        (
            {"aws_subnet": {"s": {"vpc_id": VPC, "cidr_block": "${cidrsubnet(x, 8, 1)}"}}, "aws_lb": {"b": NETWORK}},
            UnresolvedError,
        ),
        ({"aws_subnet": {"s": {"vpc_id": VPC}}, "aws_lb": {"b": NETWORK}}, MalformedError),
        ({"aws_subnet": {"s": {"cidr_block": "10.0.0.0/24"}}, "aws_lb": {"b": NETWORK}}, UnresolvedError),
    ],
)
def test_what_cannot_be_known_is_an_error(resources: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        world(**resources)
