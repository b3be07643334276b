"""Applying the stack does not undo what scaling did."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import scaling_targets_of
from policies.graph.lifecycle import IGNORE_CHANGES, ignored_changes
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="scaled-count",
    title="ECS service that scales leaves its desired count to scaling after creation",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=(),
    rationale="Otherwise every apply sets the count back to the start, in the middle of a peak of payments too.",
    remediation='Add lifecycle { ignore_changes = ["desired_count"] } to the service.',
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
    baseline=True,
)


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per scaled service. A plan or state says nothing of lifecycle unless its source lies beside it."""
    if graph.kind != "json" and "lifecycle" not in service.values:
        return
    ignored = ignored_changes(service)
    if scaling_targets_of(service, graph) and not {"all", "desired_count"} & set(ignored):
        yield finding(service, IGNORE_CHANGES, ignored or None, "desired_count among them")


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("no lifecycle", drop(API, "lifecycle"), at=API),
    Mutant("an empty list", put(API, IGNORE_CHANGES, []), at=API),
    Mutant("another lifecycle", put(API, "lifecycle", {"create_before_destroy": True}), at=API),
)
