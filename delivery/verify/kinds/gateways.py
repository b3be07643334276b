"""Ways in and out of the VPC: gateways, endpoints, peerings, and private zones of DNS.

Answers: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import document, last, tagged
from delivery.verify.kind import Excuse, Kind
from delivery.verify.kinds.network import VPC, in_vpcs
from delivery.verify.known import Known

GONE = frozenset(["deleted", "deleting", "expired", "failed", "rejected"])


def internet_gateway(answer: Answer) -> dict[str, Any]:
    """An attached gateway: of either kind, an ordinary or an egress-only one."""
    return {
        "id": answer.get("InternetGatewayId") or answer["EgressOnlyInternetGatewayId"],
        "vpc_id": answer["Attachments"][0]["VpcId"],
        **tagged(answer),
    }


def nat_gateway(answer: Answer) -> dict[str, Any]:
    addresses = answer.get("NatGatewayAddresses") or [{}]
    return {
        "id": answer["NatGatewayId"],
        "subnet_id": answer.get("SubnetId"),
        "connectivity_type": answer.get("ConnectivityType", "public"),
        "allocation_id": addresses[0].get("AllocationId"),
        **tagged(answer),
    }


def endpoint(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["VpcEndpointId"],
        "vpc_id": answer["VpcId"],
        "service_name": answer.get("ServiceName"),
        "vpc_endpoint_type": answer.get("VpcEndpointType"),
        "policy": document(answer["PolicyDocument"]) if answer.get("PolicyDocument") else None,
        "private_dns_enabled": answer.get("PrivateDnsEnabled", False),
        "route_table_ids": answer.get("RouteTableIds", []),
        "subnet_ids": answer.get("SubnetIds", []),
        "security_group_ids": [each["GroupId"] for each in answer.get("Groups", [])],
        **tagged(answer),
    }


def peering(answer: Answer) -> dict[str, Any]:
    requester, accepter = answer.get("RequesterVpcInfo", {}), answer.get("AccepterVpcInfo", {})
    return {
        "id": answer["VpcPeeringConnectionId"],
        "vpc_id": requester.get("VpcId"),
        "peer_vpc_id": accepter.get("VpcId"),
        "peer_owner_id": accepter.get("OwnerId"),
        **tagged(answer),
    }


def vpn_gateway(answer: Answer) -> dict[str, Any]:
    return {"id": answer["VpnGatewayId"], "vpc_id": answer["VpcAttachments"][0]["VpcId"], **tagged(answer)}


def transit_attachment(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["TransitGatewayAttachmentId"],
        "transit_gateway_id": answer.get("TransitGatewayId"),
        "vpc_id": answer["VpcId"],
        "subnet_ids": answer.get("SubnetIds", []),
        **tagged(answer),
    }


def zone(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["HostedZoneId"],
        "zone_id": answer["HostedZoneId"],
        "name": answer["Name"].rstrip("."),
        "vpc": [{"vpc_id": answer["VpcId"]}],
    }


def _egress_only_gateways(known: Known, ask: Ask) -> list[Answer]:
    vpcs = known.values("id", VPC)
    found = ask.all("ec2", "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways")
    return [each for each in found if any(item.get("VpcId") in vpcs for item in each.get("Attachments", []))]


def _peerings(known: Known, ask: Ask) -> list[Answer]:
    vpcs = known.values("id", VPC)
    sides = ("RequesterVpcInfo", "AccepterVpcInfo")
    return [
        each
        for each in ask.all("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections")
        if each["Status"]["Code"] not in GONE and any(each.get(side, {}).get("VpcId") in vpcs for side in sides)
    ]


def _zones(known: Known, ask: Ask) -> Iterator[Answer]:
    for vpc in known.of(VPC):
        region = str(vpc["arn"]).split(":")[3]
        for each in ask.all(
            "route53", "list_hosted_zones_by_vpc", "HostedZoneSummaries", VPCId=vpc["id"], VPCRegion=region
        ):
            yield {**each, "HostedZoneId": last(each["HostedZoneId"]), "VpcId": vpc["id"]}


def _present(operation: str, key: str, known: Known, ask: Ask, name: str = "vpc-id") -> list[Answer]:
    return [each for each in in_vpcs(operation, key, known, ask, name) if each["State"].lower() not in GONE]


KINDS = (
    Kind(
        "aws_internet_gateway",
        partial(in_vpcs, "describe_internet_gateways", "InternetGateways", name="attachment.vpc-id"),
        internet_gateway,
    ),
    Kind("aws_egress_only_internet_gateway", _egress_only_gateways, internet_gateway),
    Kind("aws_nat_gateway", partial(_present, "describe_nat_gateways", "NatGateways"), nat_gateway),
    Kind("aws_vpc_endpoint", partial(_present, "describe_vpc_endpoints", "VpcEndpoints"), endpoint),
    Kind("aws_vpc_peering_connection", _peerings, peering),
    Kind(
        "aws_vpn_gateway",
        partial(_present, "describe_vpn_gateways", "VpnGateways", name="attachment.vpc-id"),
        vpn_gateway,
    ),
    Kind(
        "aws_ec2_transit_gateway_vpc_attachment",
        partial(_present, "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments"),
        transit_attachment,
    ),
    Kind(
        "aws_route53_zone",
        _zones,
        zone,
        excuses=(
            Excuse(
                "Cloud Map keeps the zone of a namespace; that of the stack's own namespace belongs to it",
                lambda answer, known: (
                    answer["HostedZoneId"] in known.values("hosted_zone", "aws_service_discovery_private_dns_namespace")
                ),
            ),
            Excuse(
                "a VPC endpoint keeps the zone of its private name; the endpoint itself is listed",
                lambda answer, _known: answer.get("Owner", {}).get("OwningService") == "vpce.amazonaws.com",
            ),
        ),
    ),
)
