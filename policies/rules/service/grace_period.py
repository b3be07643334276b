"""The load balancer waits for a new task at least as long as the task's own health check does."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers, task_definition_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="grace-period",
    title="ECS service behind a load balancer grants new tasks their start period; one without grants none",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=(),
    rationale="With less, the load balancer kills tasks that are still starting; without one it means nothing.",
    remediation="With a load balancer, set health_check_grace_period_seconds to startPeriod or more.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html", "2026-11-22"),
    applies_to=("aws_ecs_service",),
    baseline=True,
)

GRACE = "health_check_grace_period_seconds"


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per service whose grace period is too short, or is there without a load balancer."""
    grace = service.number(GRACE, 0) or 0
    if not service.has("load_balancer"):
        if grace:
            yield finding(service, GRACE, grace, "none without a load balancer")
        return
    task = task_definition_of(service, graph)
    start = max(container.number("healthCheck.startPeriod", 0) or 0 for container in containers(task))
    if grace < start or not grace:
        yield finding(
            service, GRACE, grace or None, f"at least {start or 1} seconds, the start period of its containers"
        )


API, NOTIFY = "aws_ecs_service.payment-api", "aws_ecs_service.notification-service"
MUTANTS = (
    Mutant("shorter than the start period", put(API, GRACE, 59), at=API),
    Mutant("left out", drop(API, GRACE), at=API),
    Mutant(
        "a container that starts slowly",
        put("aws_ecs_task_definition.payment-api", "container_definitions[0].healthCheck.startPeriod", 120),
        at=API,
    ),
    Mutant("without a load balancer", put(NOTIFY, GRACE, 90), at=NOTIFY),
)
