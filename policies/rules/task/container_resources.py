"""Containers use what their task has, and no more."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-resources",
    title="Container limits add up to the memory of the task and to no more than its CPU",
    severity=Severity.MEDIUM,
    clauses=("P.2.2", "G.3.1", "G.3.5"),
    pci_dss=(),
    rationale="A container limited to 512 MiB in a task of 2 GB is killed at 512; limits above the task are refused.",
    remediation="Leave cpu and memory of the containers out, or let memory add up to that of the task.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


SIZES = {"cpu": "cpu_units", "memory": "memory_mib"}


def check_each(task: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for sums beyond the task, and for hard limits that leave part of its memory to nobody.

    A task that says no size of its own is taken for one of the size that the spec states.
    """
    found = containers(task)
    for name, key in SIZES.items():
        limit = task.number(name, spec.get(f"task.{key}") if spec.states("task") else None)
        total = sum(container.number(name, 0) or 0 for container in found)
        if limit is not None and total > limit:
            yield finding(task, "container_definitions", f"{name} {total}", f"at most {limit}, what the task has")
        elif name == "memory" and limit is not None and total < limit and all(item.has(name) for item in found):
            yield finding(task, "container_definitions", f"{name} {total}", f"{limit}, all that the task has")
    for container in found:
        soft, hard = container.number("memoryReservation"), container.number("memory", task.number("memory"))
        if soft is not None and hard is not None and soft > hard:
            yield finding(container, "memoryReservation", soft, f"at most {hard}")


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
MUTANTS = (
    Mutant("a quarter of the memory", put(TASK, f"{CONTAINER}.memory", 512), at=TASK),
    Mutant("more CPU than the task", put(TASK, f"{CONTAINER}.cpu", 2048), at=TASK),
    Mutant("more reserved than there is", put(TASK, f"{CONTAINER}.memoryReservation", 4096), at=TASK),
    Mutant(
        "no limit, but more reserved than the task has",
        both(drop(TASK, f"{CONTAINER}.memory"), put(TASK, f"{CONTAINER}.memoryReservation", "2049")),
        at=TASK,
    ),
)
