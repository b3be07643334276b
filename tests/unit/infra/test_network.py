"""The VPC: public and private subnets in three zones of us-east-1, each private one behind the NAT of its zone."""

import re
from ipaddress import IPv4Network

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.routing import default_route
from tests.unit.infra.stack import SERVICES, ZONES, Stack, walk

ROUTE = "aws_route/private-us-east-1a"
ENDPOINT = "aws_vpc_endpoint/ecr-api"
REGION = re.compile(r"\b[a-z]{2}-(?:north|south|east|west|central)[a-z]*-\d")


def subnets(stack: Stack, use: str) -> dict[str, str]:
    """Zone -> address of the `public` or `private` subnet in it, told by the Name tag."""
    found: dict[str, str] = {}
    for name, subnet in stack.all("aws_subnet").items():
        if subnet["tags"]["Name"].startswith(f"{use}-subnet-"):
            assert subnet["availability_zone"] not in found
            found[subnet["availability_zone"]] = f"aws_subnet.{name}"
    return found


@pytest.mark.clause("P.3.5", proof="synth")
@red_when(
    change("aws_ecs_service/fraud-detection/network_configuration/assign_public_ip", True),
    change("aws_ecs_service/fraud-detection/network_configuration/subnets/1", "${aws_subnet.public-us-east-1b.id}"),
    change("aws_route_table_association/private-us-east-1c/route_table_id", "${aws_route_table.public.id}"),
    drop("aws_route_table_association/private-us-east-1a"),
    drop(f"{ROUTE}/nat_gateway_id"),
    add(f"{ROUTE}/gateway_id", "${aws_internet_gateway.main.id}"),
    add("aws_route/second", {"route_table_id": "${aws_route_table.private-us-east-1a.id}"}),
    change("aws_subnet/private-us-east-1b/map_public_ip_on_launch", True),
)
def test_all_tasks_run_in_subnets_without_a_route_to_the_internet_gateway(stack: Stack) -> None:
    for name in SERVICES:
        network = stack.service(name)["network_configuration"]
        assert network["assign_public_ip"] is False
        for reference in network["subnets"]:
            address = stack.address(reference, "aws_subnet", "id")
            assert stack.at(address)["map_public_ip_on_launch"] is False
            route = default_route(stack, address)
            assert "gateway_id" not in route
            stack.target(route.get("nat_gateway_id"), "aws_nat_gateway", "id")


@pytest.mark.clause("P.8.4", proof="synth")
@red_when(
    change(f"{ROUTE}/nat_gateway_id", "${aws_nat_gateway.us-east-1b.id}"),
    change("aws_nat_gateway/us-east-1a/subnet_id", "${aws_subnet.private-us-east-1a.id}"),
    change("aws_nat_gateway/us-east-1a/subnet_id", "${aws_subnet.public-us-east-1b.id}"),
    change("aws_nat_gateway/us-east-1a/allocation_id", "${aws_eip.us-east-1b.id}"),
    add("aws_nat_gateway/us-east-1a/connectivity_type", "private"),
    drop("aws_nat_gateway/us-east-1c"),
    drop("aws_route/public/gateway_id"),
)
def test_each_private_subnet_leaves_through_the_nat_gateway_of_its_own_zone(stack: Stack) -> None:
    addresses = set()
    for zone, subnet in subnets(stack, "private").items():
        gateway = stack.target(default_route(stack, subnet)["nat_gateway_id"], "aws_nat_gateway", "id")
        public = stack.address(gateway["subnet_id"], "aws_subnet", "id")
        assert stack.at(public)["availability_zone"] == zone
        stack.target(default_route(stack, public).get("gateway_id"), "aws_internet_gateway", "id")
        assert gateway.get("connectivity_type", "public") == "public"
        addresses.add(stack.address(gateway["allocation_id"], "aws_eip", "id"))
    assert len(addresses) == len(stack.all("aws_nat_gateway")) == 3


@pytest.mark.clause("P.11.2", proof="synth")
@red_when(
    change("provider/aws/0/region", "eu-west-1"),
    change("aws_subnet/public-us-east-1a/availability_zone", "eu-west-1a"),
    change(f"{ENDPOINT}/service_name", "com.amazonaws.eu-west-1.ecr.api"),
    add("aws_s3_bucket/access-logs/region", "eu-west-1"),
    add("provider/aws/+", {"alias": "other", "region": "eu-west-1"}),
)
def test_everything_is_deployed_to_us_east_1(stack: Stack) -> None:
    assert [provider["region"] for provider in stack.document["provider"]["aws"]] == ["us-east-1"]
    leaves = [leaf for _, leaf in walk(stack.document["resource"]) if isinstance(leaf, str)]
    assert {region for leaf in leaves for region in REGION.findall(leaf)} == {"us-east-1"}
    assert all("region" not in values for _, values in stack.resources()), "no resource leaves the provider's region"


@pytest.mark.clause("P.11.3", proof="synth")
@red_when(
    change("aws_subnet/private-us-east-1c/availability_zone", "us-east-1b"),
    drop("aws_subnet/public-us-east-1c"),
    add("aws_subnet/public-us-east-1d", {"availability_zone": "us-east-1d", "tags": {"Name": "public-subnet-x"}}),
)
def test_three_availability_zones_have_a_public_and_a_private_subnet_each(stack: Stack) -> None:
    assert sorted(subnets(stack, "public")) == list(ZONES)
    assert sorted(subnets(stack, "private")) == list(ZONES)


@red_when(
    change("aws_subnet/private-us-east-1a/cidr_block", "10.20.0.0/20"),
    change("aws_subnet/private-us-east-1a/cidr_block", "10.30.0.0/20"),
    change("aws_subnet/private-us-east-1a/cidr_block", "10.20.240.0/20"),
    change("aws_subnet/private-us-east-1a/vpc_id", "another"),
)
def test_subnets_lie_in_the_vpc_without_overlap_and_leave_the_reserved_range_free(stack: Stack) -> None:
    vpc = IPv4Network(stack.one("aws_vpc")["cidr_block"])
    taken = [IPv4Network("10.20.240.0/20")]
    for subnet in stack.all("aws_subnet").values():
        stack.target(subnet["vpc_id"], "aws_vpc", "id")
        block = IPv4Network(subnet["cidr_block"])
        assert block.subnet_of(vpc)
        assert not any(block.overlaps(other) for other in taken)
        taken.append(block)


@red_when(
    change("aws_vpc/main/enable_dns_hostnames", False),
    drop("aws_vpc/main/enable_dns_support"),
)
def test_the_vpc_resolves_private_names(stack: Stack) -> None:
    vpc = stack.one("aws_vpc")
    assert (vpc.get("enable_dns_support"), vpc.get("enable_dns_hostnames")) == (True, True)


@red_when(drop("aws_nat_gateway/us-east-1a/depends_on"), change("aws_internet_gateway/main/vpc_id", "another"))
def test_nat_gateways_wait_for_the_internet_gateway(stack: Stack) -> None:
    stack.target(stack.one("aws_internet_gateway")["vpc_id"], "aws_vpc", "id")
    for gateway in stack.all("aws_nat_gateway").values():
        assert gateway.get("depends_on") == ["aws_internet_gateway.main"]
