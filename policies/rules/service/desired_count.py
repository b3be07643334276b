"""Services start with the number of tasks of the spec."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="desired-count",
    title="ECS service starts with the desired count of the spec",
    severity=Severity.HIGH,
    clauses=("P.3.2", "G.5.1"),
    pci_dss=(),
    rationale="One task per zone is what survives the loss of a zone; the provider's default is none at all.",
    remediation="Set desired_count to the number of the spec; scaling changes it afterwards.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html", "2026-11-22"),
    applies_to=("aws_ecs_service",),
)


def check_each(service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per service. Plans and states of a running stack show what scaling made of it: any count in range."""
    count = service.number("desired_count")
    start = spec.get("desired_count")
    if graph.kind == "json":
        if count != start:
            yield finding(service, "desired_count", count, start)
        return
    low, high = spec.get("scaling.min_tasks"), spec.get("scaling.max_tasks")
    if count is None or not low <= count <= high:
        yield finding(service, "desired_count", count, f"{start} at first, {low} to {high} once it scales")


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("two tasks", put(API, "desired_count", 2), at=API),
    Mutant("as many as scaling allows", put(API, "desired_count", 10), at=API),
    Mutant("left to the default", drop(API, "desired_count"), at=API),
)
