"""NAT gateways stand where they can do their work: in a public subnet, with an address of their own."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.addresses import INTERNET_V4
from policies.graph.routing import INTERNET, SUBNET, routed_to
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="public-nat-gateway",
    title="NAT gateway stands in a public subnet and has an Elastic IP address",
    severity=Severity.HIGH,
    clauses=("P.8.4", "G.8.2"),
    pci_dss=(),
    rationale="Without a public subnet and address it forwards nothing; without a fixed one nobody can allow-list it.",
    remediation="Place it in a subnet with a default route to the internet gateway and give it an allocation_id.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html", "2026-11-22"),
    applies_to=("aws_nat_gateway",),
)


def check_each(nat: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a private or regional gateway, a missing address, and a subnet that is not public."""
    for attribute, wanted in (("connectivity_type", "public"), ("availability_mode", "zonal")):
        if (found := nat.text(attribute, wanted)) != wanted:
            yield finding(nat, attribute, found, wanted)
    if not graph.targets_of(nat, "allocation_id", "aws_eip", "data.aws_eip"):
        yield finding(nat, "allocation_id", None, "an Elastic IP address")
    subnets = graph.targets_of(nat, "subnet_id", SUBNET)
    if not subnets:
        yield finding(nat, "subnet_id", None, "a public subnet")
    for subnet in subnets:
        if INTERNET_V4 - routed_to(subnet, graph, INTERNET):
            yield finding(nat, "subnet_id", subnet.address, "a subnet with a default route to an internet gateway")


NAT = "aws_nat_gateway.us-east-1a"
MUTANTS = (
    Mutant("private", put(NAT, "connectivity_type", "private"), at=NAT, also=("reachability",)),
    Mutant("without an address", drop(NAT, "allocation_id"), at=NAT, also=("reachability",)),
    Mutant(
        "in a private subnet of its zone",
        put(NAT, "subnet_id", "${aws_subnet.private-us-east-1a.id}"),
        at=NAT,
        also=("reachability",),
    ),
    Mutant(
        "in a subnet that is public no more",
        drop("aws_route_table_association.public-us-east-1a"),
        at=NAT,
        also=("load-balancer-zones", "reachability"),
    ),
    Mutant("regional, beside the zonal ones", put(NAT, "availability_mode", "regional"), at=NAT),
)
