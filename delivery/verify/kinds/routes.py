"""Ways in and out of the VPC: route tables and routes, gateways, endpoints, peerings, private zones of DNS.

Answers: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.kinds.network import VPC, in_vpcs
from delivery.verify.known import Known

TABLE = "aws_route_table"
# AWS's name of a target -> the provider's. An interface comes first: a route to an instance names both.
TARGETS = {
    "NetworkInterfaceId": "network_interface_id",
    "NatGatewayId": "nat_gateway_id",
    "GatewayId": "gateway_id",
    "EgressOnlyInternetGatewayId": "egress_only_gateway_id",
    "TransitGatewayId": "transit_gateway_id",
    "VpcPeeringConnectionId": "vpc_peering_connection_id",
    "LocalGatewayId": "local_gateway_id",
    "CarrierGatewayId": "carrier_gateway_id",
    "CoreNetworkArn": "core_network_arn",
}


def route_table(answer: Answer) -> dict[str, Any]:
    """Without routes: each of them is a resource of its own."""
    return {
        "id": answer["RouteTableId"],
        "vpc_id": answer["VpcId"],
        "route": [],
        "propagating_vgws": [each["GatewayId"] for each in answer.get("PropagatingVgws", [])],
        **tagged(answer),
    }


def route(answer: Answer) -> dict[str, Any]:
    destinations = {
        "destination_cidr_block": answer.get("DestinationCidrBlock", ""),
        "destination_ipv6_cidr_block": answer.get("DestinationIpv6CidrBlock", ""),
        "destination_prefix_list_id": answer.get("DestinationPrefixListId", ""),
    }
    target = next((key for key in TARGETS if answer.get(key)), None)
    return {
        "id": f"{answer['RouteTableId']} {''.join(destinations.values())}",
        "route_table_id": answer["RouteTableId"],
        **destinations,
        **({TARGETS[target]: answer[target]} if target else {}),
    }


def table_association(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["RouteTableAssociationId"],
        "route_table_id": answer["RouteTableId"],
        "subnet_id": answer.get("SubnetId", ""),
        "gateway_id": answer.get("GatewayId", ""),
    }


def main_association(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["RouteTableAssociationId"],
        "route_table_id": answer["RouteTableId"],
        "vpc_id": answer["VpcId"],
    }


def _tables(known: Known, ask: Ask) -> list[Answer]:
    return in_vpcs("describe_route_tables", "RouteTables", known, ask)


def _routes(known: Known, ask: Ask) -> Iterator[Answer]:
    for table in _tables(known, ask):
        yield from ({**each, "RouteTableId": table["RouteTableId"]} for each in table.get("Routes", []))


def _associations(known: Known, ask: Ask, *, main: bool) -> Iterator[Answer]:
    for table in _tables(known, ask):
        for each in table.get("Associations", []):
            if bool(each.get("Main")) is main:
                yield {**each, "RouteTableId": table["RouteTableId"], "VpcId": table["VpcId"]}


KINDS = (
    Kind(
        TABLE,
        _tables,
        route_table,
        also=("aws_default_route_table",),
        excuses=(
            Excuse(
                "AWS makes a main table with every VPC; its routes are listed, and the rules judge it as the default",
                lambda answer, known: answer["RouteTableId"] in known.values("default_route_table_id", VPC),
            ),
        ),
    ),
    Kind(
        "aws_route",
        _routes,
        route,
        same=by(
            "route_table_id", "destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"
        ),
        excuses=(
            Excuse("every table reaches its own VPC", lambda answer, _known: answer.get("GatewayId") == "local"),
            Excuse(
                "AWS writes the route to a gateway endpoint; the endpoint itself is listed",
                lambda answer, _known: (
                    bool(answer.get("DestinationPrefixListId")) and str(answer.get("GatewayId")).startswith("vpce-")
                ),
            ),
            Excuse(
                "a virtual private gateway writes routes; the table that lets it is judged for that",
                lambda answer, _known: answer.get("Origin") == "EnableVgwRoutePropagation",
            ),
        ),
    ),
    Kind(
        "aws_route_table_association",
        partial(_associations, main=False),
        table_association,
        same=by("route_table_id", "subnet_id", "gateway_id"),
    ),
    Kind(
        "aws_main_route_table_association",
        partial(_associations, main=True),
        main_association,
        same=by("route_table_id", "vpc_id"),
        excuses=(
            Excuse(
                "the table that AWS makes with a VPC is its main one, until somebody changes it",
                lambda answer, known: answer["RouteTableId"] in known.values("default_route_table_id", VPC),
            ),
        ),
    ),
)
