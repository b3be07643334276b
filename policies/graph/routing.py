"""Where a subnet's traffic goes: subnet, route table (the main one when it is associated with none), routes, gateways.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html (checked 2026-11-22).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.graph.addresses import EVERYWHERE, read_cidrs
from policies.graph.failures import ReadError
from policies.graph.graph import Graph
from policies.graph.prefix_lists import read_prefix_list
from policies.graph.ranges import NONE, Ranges, union
from policies.graph.resource import Resource
from policies.graph.templates import TemplateError, references
from policies.graph.values import Values
from policies.graph.vpc_defaults import ROUTE_TABLE, VPC, names_at

KIND = "aws_route_table"
SUBNET = "aws_subnet"
INTERNET, NAT, EGRESS_ONLY = "internet gateway", "NAT gateway", "egress-only internet gateway"
ENDPOINT, VPN, LOCAL = "VPC endpoint", "virtual private gateway", "local"
# attribute -> what it leads to, the types of which that can be
_TARGETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "gateway_id": (INTERNET, ("aws_internet_gateway", "data.aws_internet_gateway", "aws_vpc_endpoint")),
    "nat_gateway_id": (NAT, ("aws_nat_gateway",)),
    "egress_only_gateway_id": (EGRESS_ONLY, ("aws_egress_only_internet_gateway",)),
    "vpc_endpoint_id": ("inspection endpoint", ()),
    "carrier_gateway_id": ("carrier gateway", ()),
    "core_network_arn": ("core network", ()),
    "instance_id": ("instance", ()),
    "local_gateway_id": ("local gateway", ()),
    "network_interface_id": ("network interface", ()),
    "transit_gateway_id": ("transit gateway", ()),
    "vpc_peering_connection_id": ("VPC peering connection", ()),
}
_GATEWAYS_BY_PREFIX = {"igw-": INTERNET, "vgw-": VPN, "vpce-": ENDPOINT}


@dataclass(frozen=True, eq=False, slots=True)
class Route:
    """place: where it is written; via: one of the words above; target: the gateway, None when it is no resource here.

    destination: its addresses, none for a prefix list that AWS keeps (named by aws_list).
    learned: its destinations come from outside of the stack, so they can be any.
    """

    place: Values
    destination: Ranges
    aws_list: str
    via: str
    target: Resource | None
    learned: bool = False

    @property
    def written_as(self) -> str:
        """`aws_route.a`, `aws_route_table.b route[0]`."""
        return f"{self.place.resource.address} {self.place.where()}".strip()


def tables_of(subnet: Resource, graph: Graph) -> tuple[str, ...]:
    """The names of a subnet's route tables (one, unless the stack contradicts itself; see vpc_defaults)."""
    associated = graph.once(_associated).get(subnet.address)
    if associated:
        return associated
    return graph.once(_main_tables)[graph.target_of(subnet, "vpc_id", VPC).address]


def routes_of(table: str, graph: Graph) -> tuple[Route, ...]:
    """The routes of a table beside the one to the VPC itself."""
    return graph.once(_routes).get(table, ())


def effective(routes: tuple[Route, ...]) -> tuple[tuple[Route, Ranges], ...]:
    """Each route with the addresses for which it is the most specific one; of equals, and of learned ones, all are."""
    pieces = [(span, route) for route in routes if not route.learned for span in route.destination.spans]
    pieces.sort(key=lambda piece: piece[0][1] - piece[0][0])
    taken = NONE
    found: list[tuple[Route, Ranges]] = [(route, route.destination) for route in routes if route.learned]
    at = 0
    while at < len(pieces):
        width = pieces[at][0][1] - pieces[at][0][0]
        same = [piece for piece in pieces[at:] if piece[0][1] - piece[0][0] == width]
        found += [(route, Ranges((span,)) - taken) for span, route in same]
        for span, _ in same:
            taken |= Ranges((span,))
        at += len(same)
    return tuple((route, addresses) for route, addresses in found if addresses)


def routed_to(subnet: Resource, graph: Graph, *ways: str) -> Ranges:
    """The addresses that a subnet reaches by routes through gateways of these kinds."""
    found = (item for table in tables_of(subnet, graph) for item in effective(routes_of(table, graph)))
    return union(addresses for route, addresses in found if route.via in ways)


def zone_of(subnet: Resource) -> str:
    """The availability zone, by name or by id; UnresolvedError where AWS picks one."""
    zone = subnet.text("availability_zone") or subnet.text("availability_zone_id")
    if zone is None:
        raise subnet.unresolved("availability_zone", None, "the zone of the subnet")
    return zone


def endpoints_of(table: str, graph: Graph) -> frozenset[str]:
    """The gateway endpoints that a table has routes to."""
    return frozenset(graph.once(_endpoints).get(table, ()))


def tables_at(place: Values, path: str, graph: Graph) -> tuple[str, ...]:
    """The names of the tables that an attribute leads to; () when it is absent."""
    return names_at(place, path, KIND, ROUTE_TABLE, graph)


def _associated(graph: Graph) -> dict[str, tuple[str, ...]]:
    index: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for item in graph.of_type("aws_route_table_association"):
        for subnet in graph.targets_of(item, "subnet_id", SUBNET):
            index[subnet.address].update(dict.fromkeys(tables_at(item, "route_table_id", graph)))
    return {subnet: tuple(tables) for subnet, tables in index.items()}


def _main_tables(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """AWS's own main table, unless another one has been made the main one."""
    found: dict[str, tuple[str, ...]] = {vpc.address: (ROUTE_TABLE.name(vpc, graph),) for vpc in graph.of_type(VPC)}
    for item in graph.of_type("aws_main_route_table_association"):
        found[graph.target_of(item, "vpc_id", VPC).address] = tables_at(item, "route_table_id", graph)
    return found


def _routes(graph: Graph) -> Mapping[str, tuple[Route, ...]]:
    """A state repeats separate routes inside the table: what says the same as a separate route is left out."""
    found: defaultdict[str, list[Route]] = defaultdict(list)
    seen: set[tuple[str, Ranges, str, str]] = set()
    for table, route in (*_separate(graph), *_inline(graph), *_propagated(graph)):
        key = (table, route.destination, route.aws_list, route.via)
        if key not in seen or route.place.resource.kind == "aws_route":
            seen.add(key)
            found[table].append(route)
    return {table: tuple(routes) for table, routes in found.items()}


def _separate(graph: Graph) -> Iterator[tuple[str, Route]]:
    for item in graph.of_type("aws_route"):
        paths = ("destination_cidr_block", "destination_ipv6_cidr_block")
        for table in tables_at(item, "route_table_id", graph):
            yield table, _route(item, paths, graph)


def _inline(graph: Graph) -> Iterator[tuple[str, Route]]:
    for table in graph.of_type(KIND, ROUTE_TABLE.managed_by):
        for block in table.blocks("route"):
            yield table.address, _route(block, ("cidr_block", "ipv6_cidr_block"), graph)


def _propagated(graph: Graph) -> Iterator[tuple[str, Route]]:
    """Routes that a virtual private gateway writes: they can lead anywhere."""
    for table in graph.of_type(KIND, ROUTE_TABLE.managed_by):
        if table.has("propagating_vgws"):
            yield table.address, Route(table, EVERYWHERE, "", VPN, None, learned=True)
    for item in graph.of_type("aws_vpn_gateway_route_propagation"):
        for name in tables_at(item, "route_table_id", graph):
            yield name, Route(item, EVERYWHERE, "", VPN, None, learned=True)


def _route(place: Values, cidr_paths: tuple[str, ...], graph: Graph) -> Route:
    destination, aws_list = read_cidrs(place, *cidr_paths), ""
    if place.has("destination_prefix_list_id"):
        destination, aws_list = read_prefix_list(place, "destination_prefix_list_id", graph)
    if not destination and not aws_list:
        raise place.malformed(cidr_paths[0], None, "a destination")
    attributes = [name for name in _TARGETS if place.has(name)]
    if len(attributes) != 1:
        raise place.malformed("", attributes, f"one target of {', '.join(_TARGETS)}")
    via, target = _target(place, attributes[0], graph)
    return Route(place, destination, aws_list, via, target)


def _target(place: Values, attribute: str, graph: Graph) -> tuple[str, Resource | None]:
    via, kinds = _TARGETS[attribute]
    value = str(place.get(attribute))
    try:
        found = graph.lookup(value) if references(value) or kinds else ()
    except ReadError as failure:
        raise place.unresolved(attribute, failure.found, failure.expected) from failure
    except TemplateError as error:
        raise place.malformed(attribute, value, f"a whole template ({error})") from error
    target = found[0] if len(found) == 1 else None
    if attribute != "gateway_id":
        return via, target if target and target.kind in kinds else None
    if value == LOCAL:
        return LOCAL, None
    if target is None:
        return next((word for prefix, word in _GATEWAYS_BY_PREFIX.items() if value.startswith(prefix)), "gateway"), None
    if target.kind not in kinds:
        return target.type.removeprefix("aws_").replace("_", " "), None
    return (ENDPOINT if target.type == "aws_vpc_endpoint" else INTERNET), target


def _endpoints(graph: Graph) -> dict[str, set[str]]:
    index: defaultdict[str, set[str]] = defaultdict(set)
    for item in graph.of_type("aws_vpc_endpoint"):
        for table in tables_at(item, "route_table_ids", graph):
            index[table].add(item.address)
    for item in graph.of_type("aws_vpc_endpoint_route_table_association"):
        for endpoint in graph.targets_of(item, "vpc_endpoint_id", "aws_vpc_endpoint"):
            for table in tables_at(item, "route_table_id", graph):
                index[table].add(endpoint.address)
    return index
