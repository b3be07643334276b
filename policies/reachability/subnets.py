"""Subnets of a graph as the model wants them: addresses, filter, and the doors that their routes open."""

from collections.abc import Iterable, Iterator

from policies.graph.addresses import ALL_V6, INTERNET, read_cidrs
from policies.graph.failures import MalformedError
from policies.graph.graph import Graph
from policies.graph.network_acls import acl_of
from policies.graph.prefix_lists import ENDPOINT as ENDPOINT_KIND
from policies.graph.ranges import Ranges
from policies.graph.resource import Resource
from policies.graph.routing import (
    EGRESS_ONLY,
    ENDPOINT,
    LOCAL,
    NAT,
    SUBNET,
    Route,
    effective,
    endpoints_of,
    routes_of,
    tables_of,
)
from policies.graph.routing import (
    INTERNET as INTERNET_GATEWAY,
)
from policies.graph.vpc_defaults import VPC
from policies.reachability.world import Door, Subnet


class SubnetReader:
    """Reads each subnet once. vpcs: the addresses of every VPC."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.vpcs = {vpc.address: read_cidrs(vpc, "cidr_block", "ipv6_cidr_block") for vpc in graph.of_type(VPC)}
        for kind in ("aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"):
            for item in graph.of_type(kind):
                vpc = graph.target_of(item, "vpc_id", VPC)
                self.vpcs[vpc.address] |= read_cidrs(item, "cidr_block", "ipv6_cidr_block")
        self._read: dict[str, Subnet] = {}

    def read(self, subnets: Iterable[Resource]) -> tuple[Subnet, ...]:
        """The subnets, in order."""
        return tuple(self._subnet(subnet) for subnet in subnets)

    def vpc_of(self, subnets: tuple[Subnet, ...]) -> Resource:
        """The VPC that subnets lie in, the first one's: AWS refuses interfaces of one thing in several."""
        return self.graph.target_of(self.graph.resources[subnets[0].name], "vpc_id", VPC)

    def _subnet(self, resource: Resource) -> Subnet:
        if resource.address not in self._read:
            tables = tables_of(resource, self.graph)
            self._read[resource.address] = Subnet(
                name=resource.address,
                addresses=_addresses(resource),
                acl=acl_of(resource, self.graph),
                doors=tuple(door for table in tables for door in self._doors(table)),
                endpoints=frozenset(
                    endpoint_name(self.graph.resources[name])
                    for table in tables
                    for name in endpoints_of(table, self.graph)
                ),
            )
        return self._read[resource.address]

    def _doors(self, table: str) -> Iterator[Door]:
        routes = routes_of(table, self.graph)
        found = [*effective(routes), *((route, INTERNET) for route in routes if route.aws_list)]
        for route, addresses in found:
            hops = (route.written_as, route.target.address) if route.target else (route.written_as,)
            if route.via == NAT:
                yield from self._through_nat(route, addresses, hops)
            elif route.via == INTERNET_GATEWAY:
                yield Door(route.via, addresses, hops, public_ip=True)
            elif route.via == EGRESS_ONLY:
                yield Door(route.via, addresses & ALL_V6, hops, inbound=False)
            elif route.via not in (LOCAL, ENDPOINT):
                yield Door(route.via, addresses, hops)

    def _through_nat(self, route: Route, addresses: Ranges, hops: tuple[str, ...]) -> Iterator[Door]:
        """A NAT gateway passes on what its own subnet routes to an internet gateway."""
        nat = route.target
        if nat is None:  # made elsewhere: where it leads cannot be seen, so the worst is assumed
            yield Door(NAT, addresses, hops, inbound=False)
            return
        if nat.text("connectivity_type", "public") != "public" or not nat.has("allocation_id"):
            return
        subnet = self.graph.target_of(nat, "subnet_id", SUBNET)
        acl = acl_of(subnet, self.graph)
        for table in tables_of(subnet, self.graph):
            for onward, beyond in effective(routes_of(table, self.graph)):
                if onward.via == INTERNET_GATEWAY and (passed := addresses & beyond):
                    gateway = (onward.target.address,) if onward.target else ()
                    yield Door(NAT, passed, (*hops, *gateway), inbound=False, acl=None if acl.is_open else acl)


def endpoint_name(endpoint: Resource) -> str:
    """The AWS service behind an endpoint, `com.amazonaws.us-east-1.s3`."""
    return endpoint.text("service_name") or endpoint.address


def aws_list_name(name: str, graph: Graph) -> str:
    """The name of a list of AWS's addresses, also where it is known by the endpoint that it belongs to."""
    endpoint = graph.resources.get(name)
    return endpoint_name(endpoint) if endpoint is not None and endpoint.kind == ENDPOINT_KIND else name


def _addresses(subnet: Resource) -> Ranges:
    found = read_cidrs(subnet, "cidr_block", "ipv6_cidr_block")
    if not found:
        raise MalformedError(subnet.address, "cidr_block", None, "the addresses of the subnet")
    return found
