"""Each zone leaves the VPC through a NAT gateway of its own."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.addresses import INTERNET_V4, describe_addresses
from policies.graph.routing import NAT, SUBNET, effective, routed_to, routes_of, tables_of, zone_of
from policies.graph.task_networks import task_subnets
from policies.mutant import Mutant, add, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="nat-gateway-of-own-zone",
    title="Private subnet sends its default route to the NAT gateway of its own zone",
    severity=Severity.HIGH,
    clauses=("P.8.4", "G.8.2"),
    pci_dss=(),
    rationale="A NAT gateway shared by zones takes them all offline with its own, and bills traffic between them.",
    remediation="Give each zone a NAT gateway and route 0.0.0.0/0 of the zone's private table to it.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html", "2026-11-22"),
    applies_to=(SUBNET,),
)


def check_each(subnet: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for subnets that tasks run in: addresses without a NAT gateway, and NAT gateways of other zones."""
    if subnet.address not in task_subnets(graph):
        return
    if lacking := INTERNET_V4 - routed_to(subnet, graph, NAT):
        yield finding(subnet, "", f"no NAT gateway towards {describe_addresses(lacking)}", "a default route to one")
    for table in tables_of(subnet, graph):
        for route, _ in effective(routes_of(table, graph)):
            if route.via != NAT:
                continue
            if route.target is None:
                raise route.place.unresolved("nat_gateway_id", route.place.get("nat_gateway_id"), "a gateway made here")
            zone = zone_of(graph.target_of(route.target, "subnet_id", SUBNET))
            if zone != zone_of(subnet):
                yield finding(subnet, "availability_zone", f"{route.target.address} in {zone}", zone_of(subnet))


A, B = "aws_subnet.private-us-east-1a", "aws_subnet.private-us-east-1b"
OTHER = "${aws_nat_gateway.us-east-1a.id}"
MUTANTS = (
    Mutant("NAT gateway of another zone", put("aws_route.private-us-east-1b", "nat_gateway_id", OTHER), at=B),
    Mutant(
        "table of another zone",
        put(
            "aws_route_table_association.private-us-east-1b",
            "route_table_id",
            "${aws_route_table.private-us-east-1a.id}",
        ),
        at=B,
    ),
    Mutant(
        "NAT gateway moved", put("aws_nat_gateway.us-east-1b", "subnet_id", "${aws_subnet.public-us-east-1c.id}"), at=B
    ),
    Mutant("no default route", drop("aws_route.private-us-east-1b"), at=B, also=("reachability",)),
    Mutant(
        "half a default route",
        put("aws_route.private-us-east-1a", "destination_cidr_block", "0.0.0.0/1"),
        at=A,
        also=("reachability",),
    ),
    Mutant(
        "part of the internet through another zone",
        add(
            "aws_route.added",
            {
                "route_table_id": "${aws_route_table.private-us-east-1b.id}",
                "destination_cidr_block": "3.0.0.0/8",
                "nat_gateway_id": OTHER,
            },
        ),
        at=B,
    ),
    Mutant(
        "default route inside the table, to another zone",
        both(
            drop("aws_route.private-us-east-1b"),
            put("aws_route_table.private-us-east-1b", "route", [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": OTHER}]),
        ),
        at=B,
    ),
)
