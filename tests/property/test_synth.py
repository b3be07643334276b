"""Settings of any size synthesize, and what comes out is sound whatever they say."""

import copy
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from infra.app import synthesize
from infra.naming import ACCOUNT_ID_STAND_IN, KINDS, Names
from infra.planned_names import planned_names
from infra.settings import Settings, load
from tests.conftest import PAYMENTS, SUFFIX
from tests.property.strategies import Deployment, deployments, write
from tests.unit.infra.damage import DAMAGES, Damage, add, change, drop, red_when
from tests.unit.infra.names import names
from tests.unit.infra.routing import default_route
from tests.unit.infra.rules import EGRESS, INGRESS, edges, outside
from tests.unit.infra.stack import Stack, empties, mentions, policies

INTERFACES = {"ecr", "logs"}  # endpoints that stand in a security group
Check = Callable[[Settings, Stack], None]

NETWORK = "aws_ecs_service/payment-api/network_configuration"
EXECUTION = "aws_iam_role_policy/payment-api-execution-role/policy/Statement"
ENDPOINT = "aws_vpc_endpoint/ecr-api/policy/Statement"
CONTAINER = "aws_ecs_task_definition/payment-api/container_definitions/0"
ESCAPED = re.compile(r"\$\$\{|%%\{")


# Actions that no ARN can narrow.
WITHOUT_RESOURCE = {
    "ec2:DescribeNetworkInterfaces",
    "ecr:GetAuthorizationToken",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
}


# Shrinking runs hundreds of examples, each half a second or more.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One folder for all examples: each replaces what the one before left."""
    made = Path(tempfile.mkdtemp(prefix="property-synth-"))
    yield made
    shutil.rmtree(made)


def synthesized(deployment: Deployment, folder: Path) -> tuple[Settings, bytes]:
    shutil.rmtree(folder / "out", ignore_errors=True)
    loaded = load(write(deployment.document, folder / "settings.yaml"), deployment.suffix)
    return loaded, synthesize(loaded, folder / "out").read_bytes()


@red_when(
    change("aws_vpc/main/tags/Name", "vpc-x"),
    drop("aws_eip/us-east-1a"),
)
def names_are_the_planned_ones_and_within_their_limits(wanted: Settings, stack: Stack) -> None:
    naming = Names.for_settings(wanted)
    planned = [(naming.of(each.kind, each.component), KINDS[each.kind].max_length) for each in planned_names(wanted)]
    assert sorted(name.replace("123456789012", ACCOUNT_ID_STAND_IN) for _, name in names(stack)) == sorted(
        name for name, _ in planned
    )
    assert all(len(name) <= limit and wanted.suffix in name for name, limit in planned)


@red_when(
    change("aws_ecs_cluster/main/setting/0", {}),
    change("aws_lb_listener/https/load_balancer_arn", "${aws_lb.gone.arn}"),
)
def nothing_is_empty_or_dangling(wanted: Settings, stack: Stack) -> None:
    for tree in ("resource", "provider", "output", "terraform"):
        assert empties(stack.document[tree]) == []
    declared = {address for address, _ in stack.resources()}
    for tree in ("data", "ephemeral"):
        kinds = stack.document.get(tree, {})
        declared |= {f"{tree}.{kind}.{name}" for kind, named in kinds.items() for name in named}
    assert mentions(stack.document) - declared == set()


@red_when(
    drop(f"{EGRESS}/alb-to-payment-api"),
    drop(f"{INGRESS}/payment-api-to-fraud-detection"),
    change(f"{INGRESS}/clients-1-to-alb/from_port", 80),
    change(f"{EGRESS}/payment-api-to-s3/from_port", 80),
)
def rules_are_the_declared_edges(wanted: Settings, stack: Stack) -> None:
    ports = {service.name: service.port for service in wanted.services}
    calls = {(service.name, callee, ports[callee]) for service in wanted.services for callee in service.calls}
    entrances = {("alb", service.name, service.port) for service in wanted.services if service.routes}
    endpoints = set(wanted.network.vpc_endpoints)
    apis = {(name, "vpc-endpoints", 443) for name in ports} if endpoints & INTERFACES else set()
    for kind in (EGRESS, INGRESS):
        assert edges(stack, kind) == calls | entrances | apis
    assert outside(stack, INGRESS) == {("alb", cidr, 443) for cidr in wanted.load_balancer.client_cidrs}
    ways = {(service.name, way.cidr, way.port) for service in wanted.services for way in service.outbound}
    ways |= ways_of_secrets(wanted)
    s3 = {(name, "${aws_vpc_endpoint.s3.prefix_list_id}", 443) for name in ports} if "s3" in endpoints else set()
    assert outside(stack, EGRESS) == ways | s3


def ways_of_secrets(wanted: Settings) -> set[tuple[str, str, int]]:
    """The ways of services and of functions that secrets bring with them."""
    ways = set()
    for service in wanted.services:
        for name, secret in service.secrets.items():
            function = f"{service.name}-{name}-rotation"
            ways |= {(function, "0.0.0.0/0", 443), ("redeployment", "0.0.0.0/0", 443)}
            if user := secret.database_user:
                ways |= {(place, user.cidr, user.port) for place in (service.name, function)}
    return ways


@red_when(
    change(f"{NETWORK}/assign_public_ip", True),
    change(f"{NETWORK}/subnets/0", "${aws_subnet.public-us-east-1a.id}"),
    change("aws_route/private-us-east-1a/nat_gateway_id", "${aws_nat_gateway.us-east-1b.id}"),
    drop("aws_route/private-us-east-1a/nat_gateway_id"),
)
def tasks_are_private_and_each_zone_has_its_own_way_out(wanted: Settings, stack: Stack) -> None:
    for service in wanted.services:
        network = stack.service(service.name)["network_configuration"]
        assert network["assign_public_ip"] is False
        subnets = [stack.address(subnet, "aws_subnet", "id") for subnet in network["subnets"]]
        zones = [stack.at(subnet)["availability_zone"] for subnet in subnets]
        assert zones == list(wanted.network.availability_zones)
        for subnet, zone in zip(subnets, zones, strict=True):
            gateway = stack.target(default_route(stack, subnet).get("nat_gateway_id"), "aws_nat_gateway", "id")
            assert stack.target(gateway["subnet_id"], "aws_subnet", "id")["availability_zone"] == zone


@red_when(
    add(f"{EXECUTION}/0/Action/+", "ecr:BatchGetImage"),
    change(f"{EXECUTION}/1/Action", ["ecr:*"]),
)
def policies_are_explicit(wanted: Settings, stack: Stack) -> None:
    for address, entries in policies(stack):
        for entry in entries:
            if entry["Effect"] == "Allow":
                assert not any("*" in action for action in entry["Action"]), address
            if entry["Effect"] == "Allow" and entry.get("Resource") == ["*"] and not address.startswith("aws_kms_key."):
                assert set(entry["Action"]) <= WITHOUT_RESOURCE, address


@red_when(change(f"{ENDPOINT}/1/Resource/0", "${data.aws_ecr_repository.fraud-detection.arn}"))
def arns_stand_in_the_order_of_the_settings(wanted: Settings, stack: Stack) -> None:
    """Not in the order of cdktf's numbered placeholders, which depends on what the process made before."""
    kind = "aws_ecr_repository" if wanted.registry.create_repositories else "data.aws_ecr_repository"
    repositories = [f"${{{kind}.{service.name}.arn}}" for service in wanted.services]
    groups = [f"${{aws_cloudwatch_log_group.{service.name}.arn}}:log-stream:*" for service in wanted.services]
    for address, entries in policies(stack):
        if address.startswith("aws_vpc_endpoint.") and not address.endswith(".s3"):
            assert entries[-1]["Resource"] == (groups if address.endswith(".logs") else repositories)


@red_when(
    change(f"{CONTAINER}/portMappings/0/containerPort", 1),
    change(f"{CONTAINER}/healthCheck/command/1", "echo ${x}"),
)
def containers_get_what_the_settings_say(wanted: Settings, stack: Stack) -> None:
    for service in wanted.services:
        container = stack.container(service.name)
        told = {variable["name"]: as_terraform_reads(variable["value"]) for variable in container["environment"]}
        assert {name: told[name] for name in service.environment} == dict(service.environment)
        assert [as_terraform_reads(word) for word in container["healthCheck"]["command"]] == [
            *service.health_check.command
        ]
        mapping = {"containerPort": service.port, "hostPort": service.port, "protocol": "tcp"}
        assert container["portMappings"] == [mapping]


def as_terraform_reads(text: str) -> str:
    """The value of a string that must not be a template: `$${` and `%%{` stand for `${` and `%{`."""
    assert not re.search(r"[$%]\{", ESCAPED.sub(" ", text)), f"{text!r} is a template"
    return ESCAPED.sub(lambda match: match[0][1:], text)


CHECKS: tuple[Check, ...] = (
    names_are_the_planned_ones_and_within_their_limits,
    nothing_is_empty_or_dangling,
    rules_are_the_declared_edges,
    tasks_are_private_and_each_zone_has_its_own_way_out,
    policies_are_explicit,
    arns_stand_in_the_order_of_the_settings,
    containers_get_what_the_settings_say,
)
DAMAGED = [(check, damage) for check in CHECKS for damage in getattr(check, DAMAGES)]


@pytest.mark.parametrize(("check", "damage"), DAMAGED, ids=[f"{check.__name__}: {damage}" for check, damage in DAMAGED])
def test_each_check_notices_a_damaged_stack(payments: dict[str, Any], check: Check, damage: Damage) -> None:
    wanted, damaged = load(PAYMENTS, SUFFIX), copy.deepcopy(payments)
    check(wanted, Stack(payments))
    damage.apply(damaged)
    with pytest.raises(AssertionError):
        check(wanted, Stack(damaged))


@pytest.mark.clause("P.7.4", "P.8.2", "P.11.4", "P.11.5", "G.9.3", "G.6.3", "G.8.3", proof="test")
@settings(max_examples=12, phases=WITHOUT_SHRINKING)
@given(deployment=deployments())
def test_any_valid_settings_make_a_sound_stack(deployment: Deployment, folder: Path) -> None:
    wanted, written = synthesized(deployment, folder)
    stack = Stack(json.loads(written))
    for check in CHECKS:
        check(wanted, stack)


@settings(max_examples=2, phases=WITHOUT_SHRINKING)
@given(deployment=deployments())
def test_the_same_settings_make_the_same_bytes(deployment: Deployment, folder: Path) -> None:
    assert synthesized(deployment, folder)[1] == synthesized(deployment, folder)[1]
