"""An init process reaps what containers leave behind and passes signals on."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="init-process",
    title="Container runs under an init process that passes signals on",
    severity=Severity.LOW,
    clauses=(),
    pci_dss=(),
    rationale="Process 1 of a container ignores SIGTERM unless it was written to: then every stop is a kill.",
    remediation="Set linuxParameters.initProcessEnabled to true.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
)

INIT = "linuxParameters.initProcessEnabled"


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per container without an init process, which is the default."""
    for container in containers(task):
        if not container.boolean(INIT, False):
            yield finding(container, INIT, container.get(INIT), True)


TASK = "aws_ecs_task_definition.payment-api"
MUTANTS = (
    Mutant("off", put(TASK, f"container_definitions[0].{INIT}", False), at=TASK),
    Mutant("left to the default", drop(TASK, f"container_definitions[0].{INIT}"), at=TASK),
)
