"""Tasks are made for Fargate and for nothing else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, append, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="fargate-task",
    title="Task definition requires Fargate and nothing else, with an elastic network interface per task",
    severity=Severity.HIGH,
    clauses=("P.1.1", "G.1.1"),
    pci_dss=("1.4.1", "2.2.4"),
    rationale="On instances, tasks share a kernel and often an address: no security group tells them apart.",
    remediation='Set requires_compatibilities to ["FARGATE"] and network_mode to "awsvpc".',
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for another or a second launch type, another network mode, and volumes on a host."""
    compatibilities = task.texts("requires_compatibilities")
    if compatibilities != ("FARGATE",):
        yield finding(task, "requires_compatibilities", compatibilities or None, ("FARGATE",))
    mode = task.text("network_mode")
    if mode != "awsvpc":
        yield finding(task, "network_mode", mode, "awsvpc")
    for volume in task.blocks("volume"):
        if volume.has("host_path"):
            yield finding(volume, "host_path", volume.get("host_path"), "no path of a host")


TASK = "aws_ecs_task_definition.payment-api"
MUTANTS = (
    Mutant("instances too", append(TASK, "requires_compatibilities", "EC2"), at=TASK),
    Mutant("nothing required", drop(TASK, "requires_compatibilities"), at=TASK),
    Mutant("the network of the host", put(TASK, "network_mode", "host"), at=TASK),
    Mutant("network mode left to the default", drop(TASK, "network_mode"), at=TASK),
    Mutant("a folder of the host", put(TASK, "volume", [{"name": "x", "host_path": "/var/run"}]), at=TASK),
)
