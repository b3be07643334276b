"""Deployments, and the replacement of tasks that fail, keep as many tasks running as scaling may never go below."""

import math
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import whole
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="rollout-keeps-minimum",
    title="ECS service keeps the minimum number of tasks of the spec running while it is deployed",
    severity=Severity.MEDIUM,
    clauses=("P.5.4", "G.5.1"),
    pci_dss=(),
    rationale="A range of 3 to 10 tasks means little when every deployment goes down to one.",
    remediation="Raise deployment_minimum_healthy_percent until it rounds up to the minimum count; 100 always does.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
)

LOWER = "deployment_minimum_healthy_percent"


def check_each(service: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per service whose lower limit at the minimum count is below that count."""
    minimum = spec.get("scaling.min_tasks")
    percent = whole(service, LOWER, 100, 1000)
    running = math.ceil(minimum * percent / 100)
    if running < minimum:
        yield finding(
            service, LOWER, f"{percent} %, {running} of {minimum} tasks", f"{minimum} tasks that keep running"
        )


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("half of three", put(API, LOWER, 50), at=API),
    Mutant(
        "a third, as text", put("aws_ecs_service.fraud-detection", LOWER, "33"), at="aws_ecs_service.fraud-detection"
    ),
)
