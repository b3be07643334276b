"""Containers drop every Linux capability."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-capabilities",
    title="Container drops all Linux capabilities and adds none",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("2.2.4", "7.2.1"),
    rationale="Services on high ports need none; SYS_PTRACE, which Fargate can add, reads another process's memory.",
    remediation='Set linuxParameters.capabilities to {"drop": ["ALL"]} and leave add out.',
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
)

DROP, ADD = "linuxParameters.capabilities.drop", "linuxParameters.capabilities.add"


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per container that keeps or adds capabilities."""
    for container in containers(task):
        if "ALL" not in container.texts(DROP):
            yield finding(container, DROP, container.texts(DROP) or None, ("ALL",))
        if added := container.texts(ADD):
            yield finding(container, ADD, added, "none")


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
MUTANTS = (
    Mutant("kept", drop(TASK, f"{CONTAINER}.{DROP}"), at=TASK),
    Mutant("one dropped", put(TASK, f"{CONTAINER}.{DROP}", ["NET_RAW"]), at=TASK),
    Mutant("one added", put(TASK, f"{CONTAINER}.{ADD}", ["SYS_PTRACE"]), at=TASK),
)
