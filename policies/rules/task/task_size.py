"""Tasks have the size of the spec, and one that Fargate offers."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="task-size",
    title="Task definition states the CPU and memory of the spec, a pair that Fargate offers",
    severity=Severity.HIGH,
    clauses=("P.2.2", "G.3.1", "G.3.5"),
    pci_dss=(),
    rationale="Fargate refuses other pairs when the service starts, which is after everything else has been changed.",
    remediation="Set cpu (units) and memory (MiB) on the task definition itself, not only on its containers.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)

GIB = 1024
# CPU units -> MiB of memory
OFFERED: dict[float, tuple[int, ...] | range] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: range(1 * GIB, 4 * GIB + 1, GIB),
    1024: range(2 * GIB, 8 * GIB + 1, GIB),
    2048: range(4 * GIB, 16 * GIB + 1, GIB),
    4096: range(8 * GIB, 30 * GIB + 1, GIB),
    8192: range(16 * GIB, 60 * GIB + 1, 4 * GIB),
    16384: range(32 * GIB, 120 * GIB + 1, 8 * GIB),
}
_WITH_UNIT = re.compile(r"([\d.]+)\s*(vCPU|GB)", re.IGNORECASE)


def check_each(task: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for each size that the spec does not say, and for a pair that Fargate does not offer."""
    cpu, memory = _size(task, "cpu"), _size(task, "memory")
    if memory is None or cpu is None or memory not in OFFERED.get(cpu, ()):
        yield finding(task, "cpu", f"{cpu} units with {memory} MiB", "a pair that Fargate offers")
    if spec.states("task"):
        for attribute, found, expected in (("cpu", cpu, "cpu_units"), ("memory", memory, "memory_mib")):
            if found != spec.get(f"task.{expected}"):
                yield finding(task, attribute, found, spec.get(f"task.{expected}"))


def _size(task: Resource, attribute: str) -> float | None:
    """A size in units or MiB; ECS also takes `1 vCPU` and `2 GB`."""
    written = task.text(attribute)
    with_unit = _WITH_UNIT.fullmatch(written or "")
    try:
        return float(with_unit.group(1)) * 1024 if with_unit else task.number(attribute)
    except ValueError:
        raise task.malformed(attribute, written, "a number") from None


TASK = "aws_ecs_task_definition.payment-api"
FRAUD = "aws_ecs_task_definition.fraud-detection"
MUTANTS = (
    Mutant("half a vCPU", put(TASK, "cpu", "512"), at=TASK, also=("container-resources",)),
    Mutant("more memory", put(TASK, "memory", 4096), at=TASK, also=("container-resources",)),
    Mutant("a pair that Fargate does not offer", put(TASK, "memory", "2500"), at=TASK, also=("container-resources",)),
    Mutant(
        "two vCPU, with the unit",
        both(put(FRAUD, "cpu", "2 vCPU"), put(FRAUD, "memory", "4 GB")),
        at=FRAUD,
        also=("container-resources",),
    ),
    Mutant("only on the container", both(drop(TASK, "cpu"), drop(TASK, "memory")), at=TASK),
)
