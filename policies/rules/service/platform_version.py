"""Services pin the Fargate platform version of the spec."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="platform-version",
    title="ECS service states the Fargate platform version of the spec",
    severity=Severity.MEDIUM,
    clauses=("P.2.3",),
    pci_dss=("2.2.1",),
    rationale="LATEST, also the default, lets AWS choose at each deployment what payments run on.",
    remediation="Set platform_version to the version of the spec on every service.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html", "2026-11-22"),
    applies_to=("aws_ecs_service",),
)


def check_each(service: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per service with another version, or with none."""
    found, expected = service.text("platform_version"), spec.get("task.platform_version")
    if found != expected:
        yield finding(service, "platform_version", found, expected)


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("LATEST", put(API, "platform_version", "LATEST"), at=API),
    Mutant("left to the default", drop(API, "platform_version"), at=API),
    Mutant(
        "the version before",
        put("aws_ecs_service.fraud-detection", "platform_version", "1.3.0"),
        at="aws_ecs_service.fraud-detection",
    ),
)
