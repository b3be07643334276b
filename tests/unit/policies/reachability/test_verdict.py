"""The real stack against the spec: changing a number there, or an edge, turns the verdict without touching code."""

import copy
import dataclasses
from typing import Any

import pytest

from policies.graph.ecs import SERVICE
from policies.graph.terraform_json import load_document
from policies.microservices import microservice_of
from policies.reachability.expectation import Expectation
from policies.reachability.reader import world_of
from policies.reachability.verdict import extra_paths, missing_paths
from policies.reachability.world import World
from policies.spec import Spec, load_spec


@pytest.fixture(scope="module")
def world(payments: dict[str, Any]) -> World:
    return world_of(load_document(payments))


@pytest.fixture(scope="module")
def services(payments: dict[str, Any]) -> dict[str, str]:
    graph, spec = load_document(payments), load_spec("payments")
    return {item.address: microservice_of(item, "name", spec) or "" for item in graph.of_type(SERVICE)}


def changed(**blocks: Any) -> Spec:
    spec = load_spec("payments")
    values = copy.deepcopy(dict(spec.values))
    for block, change in blocks.items():
        values[block] = {**values[block], **change}
    return dataclasses.replace(spec, values=values)


def verdict(world: World, services: dict[str, str], spec: Spec) -> tuple[list[str], list[str]]:
    expectation = Expectation(spec, world, services)
    missing = [f"{item.wanted}: {'; '.join(item.halves)}" for item in missing_paths(world, expectation)]
    return [item.shown for item in extra_paths(world, expectation)], missing


@pytest.mark.clause("P.8.1", "P.8.2", "P.8.3", "P.8.4", "P.3.5", proof="synth")
def test_the_stack_has_exactly_the_paths_of_its_spec(world: World, services: dict[str, str]) -> None:
    assert verdict(world, services, changed()) == ([], [])


@pytest.mark.clause("P.8.2", "G.6.3", "G.8.3", proof="test")
def test_an_edge_that_the_spec_does_not_list_is_a_path_too_many(world: World, services: dict[str, str]) -> None:
    edges = load_spec("payments").get("reachability.edges")

    extra, missing = verdict(world, services, changed(reachability={"edges": edges[1:]}))

    assert missing == []
    assert extra == [
        "aws_ecs_service.payment-api -> aws_vpc_security_group_egress_rule.payment-api-to-fraud-detection"
        " -> aws_vpc_security_group_ingress_rule.payment-api-to-fraud-detection"
        " -> aws_ecs_service.fraud-detection, tcp 8081"
    ]


@pytest.mark.clause("P.8.2", "G.6.3", "G.8.3", proof="test")
def test_an_edge_of_the_spec_that_the_stack_lacks_is_a_missing_path(world: World, services: dict[str, str]) -> None:
    added = {"from": "fraud-detection", "to": "payment-api", "port": 8080}
    edges = [*load_spec("payments").get("reachability.edges"), added]

    extra, missing = verdict(world, services, changed(reachability={"edges": edges}))

    assert extra == []
    assert missing == [
        "fraud-detection reaches payment-api on tcp 8080: "
        "no egress rule of aws_security_group.fraud-detection lets out tcp 8080 to aws_security_group.payment-api; "
        "no ingress rule of aws_security_group.payment-api lets in tcp 8080 from aws_security_group.fraud-detection"
    ]


def test_a_way_out_that_the_spec_narrows_is_too_wide(world: World, services: dict[str, str]) -> None:
    narrow = {"outbound": [{"port": 443, "cidr": "203.0.113.0/24"}]}

    extra, missing = verdict(world, services, changed(reachability=narrow))

    assert missing == []
    assert len([path for path in extra if "aws_nat_gateway." in path and path.endswith("through the NAT gateway")]) == 3
    assert len([path for path in extra if path.endswith("aws_lb.public, tcp 443")]) == 3


def test_an_entrance_that_the_spec_narrows_or_closes_is_open(world: World, services: dict[str, str]) -> None:
    closed = {name: {**item, "public": False} for name, item in load_spec("payments").get("services").items()}

    narrowed, _ = verdict(world, services, changed(load_balancer={"public_cidrs": ["203.0.113.0/24"]}))
    shut, missing = verdict(world, services, changed(services=closed))

    way_in = "internet -> aws_internet_gateway.main -> aws_route.public -> aws_subnet.public-us-east-1a"
    assert any(path.startswith(way_in) for path in narrowed)
    assert any(path.startswith(way_in) and path.endswith("0.0.0.0/0 through the internet gateway") for path in shut)
    assert any("-> aws_lb_listener_rule.payment-api -> aws_lb_target_group.payment-api ->" in path for path in shut)
    assert missing == []


def test_a_service_or_a_load_balancer_that_is_not_there_is_missing_with_all_its_paths(world: World) -> None:
    alone = World(world.vpcs, world.groups, ())

    _, missing = verdict(alone, {}, changed())

    assert missing == [
        "payment-api reaches fraud-detection on tcp 8081: the stack has no ECS service named payment-api",
        "payment-api reaches notification-service on tcp 8082: the stack has no ECS service named payment-api",
        "fraud-detection reaches notification-service on tcp 8082: the stack has no ECS service named fraud-detection",
        "the load balancer reaches payment-api on tcp 8080: the stack has no load balancer",
    ]


def test_a_service_that_the_spec_does_not_know_may_reach_nothing(world: World, services: dict[str, str]) -> None:
    others = {address: name for address, name in services.items() if name != "fraud-detection"}

    extra, _ = verdict(world, others, changed())

    assert {path.partition(" ")[0] for path in extra} >= {"aws_ecs_service.fraud-detection"}
    assert any("aws_ecs_service.fraud-detection" in path and "NAT gateway" in path for path in extra)
