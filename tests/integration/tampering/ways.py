"""Changes of the ways in and out of the VPC of the gateway stack."""

from typing import Any

from tests.integration.tampering.change import GATEWAY as STACK
from tests.integration.tampering.change import Change, Target, Undo, unknown

PRIVATE = "aws_subnet.private-us-east-1a"

VPC, INTERNET = "aws_vpc.main", "aws_internet_gateway.main"

WORLD = "0.0.0.0/0"


OWN_ROUTE, TABLE = "aws_route.private-us-east-1a", "aws_route_table.private-us-east-1a"


def route_replaced(**to: str) -> Any:
    """The way out of a private subnet leads to another target, named by the address of what it is."""

    def make(target: Target) -> Undo:
        ec2, values = target.client("ec2"), target[OWN_ROUTE]
        place = {"RouteTableId": values["route_table_id"], "DestinationCidrBlock": WORLD}
        ec2.replace_route(**place, **{key: target.id(address) for key, address in to.items()})
        return lambda: ec2.replace_route(**place, NatGatewayId=values["nat_gateway_id"])

    return make


def route_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    place = {"RouteTableId": target.id(TABLE), "DestinationCidrBlock": "203.0.113.0/24"}
    ec2.create_route(**place, GatewayId=target.id(INTERNET))
    return lambda: ec2.delete_route(**place)


def vpc_peered(target: Target) -> Undo:
    ec2 = target.client("ec2")
    other = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_vpc_peering_connection(VpcId=target.id(VPC), PeerVpcId=other)
    peering = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    def undo() -> None:
        ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)
        ec2.delete_vpc(VpcId=other)

    return undo


def egress_only_gateway(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.create_egress_only_internet_gateway(VpcId=target.id(VPC))
    gateway = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    return lambda: ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=gateway)


def endpoint_added(target: Target) -> Undo:
    ec2 = target.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId=target.id(VPC),
        ServiceName="com.amazonaws.us-east-1.dynamodb",
        VpcEndpointType="Gateway",
        RouteTableIds=[target.id(TABLE)],
    )
    return lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpoint"]["VpcEndpointId"]])


def endpoint_policy_opened(target: Target) -> Undo:
    ec2, values = target.client("ec2"), target["aws_vpc_endpoint.s3"]
    anything = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
    ec2.modify_vpc_endpoint(VpcEndpointId=values["id"], PolicyDocument=anything)
    return lambda: ec2.modify_vpc_endpoint(VpcEndpointId=values["id"], PolicyDocument=values["policy"])


def zone_associated(target: Target) -> Undo:
    route53 = target.client("route53")
    made = route53.create_hosted_zone(
        Name="api.example.com",
        CallerReference="tampering",
        VPC={"VPCRegion": "us-east-1", "VPCId": target.id(VPC)},
        HostedZoneConfig={"PrivateZone": True},
    )
    return lambda: route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])


CHANGES = (
    Change(
        STACK,
        "the NAT route replaced by the internet gateway",
        route_replaced(GatewayId=INTERNET),
        "tasks-in-private-subnets",
        "aws_ecs_service.api-gateway",
        also=(
            "function-in-private-subnets",
            "nat-gateway-of-own-zone",
            "reachability",
        ),
    ),
    Change(
        STACK,
        "the NAT route led to the gateway of another zone",
        route_replaced(NatGatewayId="aws_nat_gateway.us-east-1b"),
        "nat-gateway-of-own-zone",
        PRIVATE,
    ),
    Change(
        STACK,
        "a second route to the internet gateway in a private table",
        route_added,
        "tasks-in-private-subnets",
        "aws_ecs_service.api-gateway",
        also=(
            "function-in-private-subnets",
            "nat-gateway-of-own-zone",
            "reachability",
        ),
    ),
    Change(
        STACK,
        "the VPC peered with another one",
        vpc_peered,
        "one-door",
        unknown("aws_vpc_peering_connection"),
        also=(
            "known-kinds",
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "an egress-only gateway added",
        egress_only_gateway,
        "one-door",
        unknown("aws_egress_only_internet_gateway"),
        also=(
            "known-kinds",
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "an endpoint added to a private route table",
        endpoint_added,
        "explicit-actions",
        unknown("aws_vpc_endpoint"),
        also=(
            "explicit-resource-arns",
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
    Change(
        STACK,
        "the policy of an endpoint opened",
        endpoint_policy_opened,
        "explicit-actions",
        "aws_vpc_endpoint.s3",
        also=("explicit-resource-arns",),
    ),
    Change(
        STACK,
        "a private zone associated with the VPC",
        zone_associated,
        "known-kinds",
        unknown("aws_route53_zone"),
        also=(
            "destroyable",
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
)
