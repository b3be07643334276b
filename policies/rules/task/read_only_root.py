"""Containers cannot write to their own file system."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="read-only-root",
    title="Container has a root file system that it cannot write to",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("2.2.4",),
    rationale="Who gets into a container then finds no place to leave a tool or to change the program.",
    remediation="Set readonlyRootFilesystem to true, and mount a volume where the program must write.",
    source=Source("https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per container, sidecars included, that may write, which is the default."""
    for container in containers(task):
        if not container.boolean("readonlyRootFilesystem", False):
            yield finding(container, "readonlyRootFilesystem", container.get("readonlyRootFilesystem"), True)


TASK = "aws_ecs_task_definition.payment-api"
MUTANTS = (
    Mutant("writable", put(TASK, "container_definitions[0].readonlyRootFilesystem", False), at=TASK),
    Mutant("writable, as text", put(TASK, "container_definitions[0].readonlyRootFilesystem", "false"), at=TASK),
    Mutant("left to the default", drop(TASK, "container_definitions[0].readonlyRootFilesystem"), at=TASK),
)
