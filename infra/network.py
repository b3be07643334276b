"""The VPC over its zones: public subnets for load balancer and NAT gateways, private ones for tasks, flow logs on."""

from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from infra.context import Context, Part
from infra.subnets import ZoneSubnets, plan_subnets

DEFAULT_ROUTE_CIDR = "0.0.0.0/0"  # the meaning of a default route, not a setting


class Network(Part):
    """One public and one private subnet per zone; each private one leaves through the NAT gateway of its own zone."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "network", context)
        self.vpc = self.add(
            Vpc,
            "main",
            cidr_block=self.settings.network.vpc_cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self.name_tag("vpc"),
        )
        self._close_default_security_group()
        self.internet_gateway = self.add(
            InternetGateway, "main", vpc_id=self.vpc.id, tags=self.name_tag("internet-gateway")
        )
        # What has to stand while tasks run: without it they reach neither registry nor clients.
        self.ways_out: list[Route | RouteTableAssociation] = []
        self._public_routes = self._public_route_table()
        self.public_subnet_ids: list[str] = []
        self.private_subnet_ids: list[str] = []
        self.private_route_table_ids: list[str] = []
        for zone in plan_subnets(self.settings.network).zones:
            nat = self._public_half(zone)
            self._private_half(zone, nat)

    def _close_default_security_group(self) -> None:
        """AWS gives every VPC a group that trusts itself; managing it without rules empties it."""
        self.add(DefaultSecurityGroup, "closed", vpc_id=self.vpc.id, tags=self.name_tag("default-security-group"))

    def _public_route_table(self) -> RouteTable:
        table = self.add(RouteTable, "public", vpc_id=self.vpc.id, tags=self.name_tag("public-route-table"))
        way_out = self.add(
            Route,
            "public",
            route_table_id=table.id,
            destination_cidr_block=DEFAULT_ROUTE_CIDR,
            gateway_id=self.internet_gateway.id,
        )
        self.ways_out.append(way_out)
        return table

    def _public_half(self, zone: ZoneSubnets) -> NatGateway:
        address = f"public-{zone.zone}"
        subnet = self._subnet(address, zone.zone, zone.public_cidr, "public-subnet")
        self.public_subnet_ids.append(subnet.id)
        association = self.add(
            RouteTableAssociation, address, subnet_id=subnet.id, route_table_id=self._public_routes.id
        )
        self.ways_out.append(association)
        elastic_ip = self.add(Eip, zone.zone, domain="vpc", tags=self.name_tag("elastic-ip", zone.zone))
        return self.add(
            NatGateway,
            zone.zone,
            allocation_id=elastic_ip.id,
            subnet_id=subnet.id,
            tags=self.name_tag("nat-gateway", zone.zone),
            depends_on=[self.internet_gateway],
        )

    def _private_half(self, zone: ZoneSubnets, nat: NatGateway) -> None:
        address = f"private-{zone.zone}"
        subnet = self._subnet(address, zone.zone, zone.private_cidr, "private-subnet")
        table = self.add(RouteTable, address, vpc_id=self.vpc.id, tags=self.name_tag("private-route-table", zone.zone))
        way_out = self.add(
            Route, address, route_table_id=table.id, destination_cidr_block=DEFAULT_ROUTE_CIDR, nat_gateway_id=nat.id
        )
        association = self.add(RouteTableAssociation, address, subnet_id=subnet.id, route_table_id=table.id)
        self.ways_out += [way_out, association]
        self.private_subnet_ids.append(subnet.id)
        self.private_route_table_ids.append(table.id)

    def _subnet(self, address: str, zone: str, cidr: str, kind: str) -> Subnet:
        return self.add(
            Subnet,
            address,
            vpc_id=self.vpc.id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags=self.name_tag(kind, zone),
        )
