"""Tasks are spread over the zones of the spec, and stay so."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="zone-spread",
    title="ECS service has subnets in as many zones as the spec says and rebalances its tasks over them",
    severity=Severity.HIGH,
    clauses=("P.3.3", "G.1.2"),
    pci_dss=(),
    rationale="Without rebalancing, tasks that moved away from a failed zone stay where they are when it comes back.",
    remediation='List one private subnet per zone and set availability_zone_rebalancing to "ENABLED".',
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html", "2026-11-22"),
    applies_to=("aws_ecs_service",),
)

SUBNETS = "network_configuration.subnets"


def check_each(service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for too few zones and for rebalancing that is off or not stated."""
    subnets = graph.targets_of(service, SUBNETS, "aws_subnet")
    zones = sorted({_zone(subnet) for subnet in subnets})
    wanted = spec.get("availability_zones")
    if len(zones) != wanted:
        yield finding(service, SUBNETS, zones or None, f"subnets in {wanted} zones")
    rebalancing = service.text("availability_zone_rebalancing")
    if rebalancing != "ENABLED":
        yield finding(service, "availability_zone_rebalancing", rebalancing, "ENABLED")


def _zone(subnet: Resource) -> str:
    zone = subnet.text("availability_zone") or subnet.text("availability_zone_id")
    if zone is None:
        raise subnet.unresolved("availability_zone", None, "the zone of the subnet")
    return zone


API = "aws_ecs_service.payment-api"
A, B, C = (f"${{aws_subnet.private-us-east-1{zone}.id}}" for zone in "abc")
MUTANTS = (
    Mutant("two zones", put(API, SUBNETS, [A, B]), at=API),
    Mutant("one subnet three times", put(API, SUBNETS, [A, A, A]), at=API),
    Mutant("rebalancing off", put(API, "availability_zone_rebalancing", "DISABLED"), at=API),
    Mutant("rebalancing left to the default", drop(API, "availability_zone_rebalancing"), at=API),
)
