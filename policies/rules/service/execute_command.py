"""Nobody opens a shell in a running task."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="execute-command",
    title="ECS service has execute-command switched off",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("2.2.4", "7.2.1"),
    rationale="A shell in a task sees card data and the task's credentials, past every network and image control.",
    remediation="Leave enable_execute_command out or set it to false.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html", "2026-11-22"),
    applies_to=("aws_ecs_service",),
    baseline=True,
)


def check_each(service: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per service that allows it; off is the default."""
    if service.boolean("enable_execute_command", False):
        yield finding(service, "enable_execute_command", True, False)


API, NOTIFY = "aws_ecs_service.payment-api", "aws_ecs_service.notification-service"
MUTANTS = (
    Mutant("on", put(API, "enable_execute_command", True), at=API),
    Mutant("on, as text", put(NOTIFY, "enable_execute_command", "true"), at=NOTIFY),
)
