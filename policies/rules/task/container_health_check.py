"""Every essential container states the health check of the spec."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-health-check",
    title="Container states a health check with the retries and the interval of the spec",
    severity=Severity.HIGH,
    clauses=("P.2.5",),
    pci_dss=(),
    rationale="ECS ignores the HEALTHCHECK of an image; without one in the definition a hung task keeps its traffic.",
    remediation="Write command, retries and interval into healthCheck, even where they equal a default.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
)


def check_each(task: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per container and value; containers that are not essential have no say in a task's health."""
    expected = {
        "retries": spec.get("container_health_check.retries"),
        "interval": spec.get("container_health_check.interval_seconds"),
    }
    for container in containers(task):
        if not container.boolean("essential", True):
            continue
        if not container.texts("healthCheck.command"):
            yield finding(container, "healthCheck.command", None, "a command")
        for name, number in expected.items():
            found = container.number(f"healthCheck.{name}")
            if found != number:
                yield finding(container, f"healthCheck.{name}", found, number)


TASK = "aws_ecs_task_definition.payment-api"
CHECK = "container_definitions[0].healthCheck"
MUTANTS = (
    Mutant("two retries", put(TASK, f"{CHECK}.retries", 2), at=TASK),
    Mutant("interval left to the default", drop(TASK, f"{CHECK}.interval"), at=TASK),
    Mutant("no health check", drop(TASK, CHECK), at=TASK),
)
