"""The load balancer has a node in every zone, in a subnet that fits its face."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.addresses import INTERNET_V4
from policies.graph.load_balancing import LOAD_BALANCERS, is_public
from policies.graph.routing import INTERNET, SUBNET, routed_to, zone_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="load-balancer-zones",
    title="Load balancer has one public subnet in each of as many zones as the spec says",
    severity=Severity.HIGH,
    clauses=("P.11.3", "G.1.2", "G.8.1"),
    pci_dss=(),
    rationale="Clients cannot reach a zone without a node, and a node in a private subnet answers nobody.",
    remediation="List one public subnet per availability zone.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-subnets.html", "2026-11-22"
    ),
    applies_to=LOAD_BALANCERS,
)

PATHS = ("subnets", "subnet_mapping.subnet_id")


def check_each(balancer: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for the number of zones, and per subnet of a public load balancer that is not public."""
    subnets = [subnet for path in PATHS for subnet in graph.targets_of(balancer, path, SUBNET)]
    zones = sorted({zone_of(subnet) for subnet in subnets})
    if len(zones) != spec.get("availability_zones"):
        yield finding(balancer, "subnets", zones or None, f"subnets in {spec.get('availability_zones')} zones")
    for subnet in subnets if is_public(balancer) else ():
        if INTERNET_V4 - routed_to(subnet, graph, INTERNET):
            yield finding(balancer, "subnets", subnet.address, "a subnet with a default route to an internet gateway")


ALB = "aws_lb.public"
A, B, C = (f"${{aws_subnet.public-us-east-1{zone}.id}}" for zone in "abc")
MUTANTS = (
    Mutant("two zones", put(ALB, "subnets", [A, B]), at=ALB),
    Mutant(
        "two subnets of one zone",
        put("aws_subnet.public-us-east-1c", "availability_zone", "us-east-1b"),
        at=ALB,
        also=("nat-gateway-of-own-zone",),
    ),
    Mutant(
        "a private subnet",
        put(ALB, "subnets", [A, B, "${aws_subnet.private-us-east-1c.id}"]),
        at=ALB,
        also=("reachability",),
    ),
    Mutant("no route to the internet", drop("aws_route.public"), at=ALB, also=("public-nat-gateway", "reachability")),
)
