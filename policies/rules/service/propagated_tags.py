"""The tags of a service reach its tasks."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="propagated-tags",
    title="ECS service passes its tags on to its tasks",
    severity=Severity.LOW,
    clauses=("P.10.1", "P.10.2", "P.10.3", "G.9.4"),
    pci_dss=(),
    rationale="Tasks and their interfaces are what costs and what is attacked; untagged, they belong to nobody.",
    remediation='Set propagate_tags to "SERVICE", and enable_ecs_managed_tags to true for cluster and service names.',
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html", "2026-11-22"),
    applies_to=("aws_ecs_service",),
    baseline=True,
)

SOURCES = ("SERVICE", "TASK_DEFINITION")


def check_each(service: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per service that passes no tags on, which is the default."""
    found = service.text("propagate_tags")
    if found not in SOURCES:
        yield finding(service, "propagate_tags", found, SOURCES)


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("none", put(API, "propagate_tags", "NONE"), at=API),
    Mutant("left to the default", drop(API, "propagate_tags"), at=API),
)
