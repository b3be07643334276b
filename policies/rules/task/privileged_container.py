"""Containers have no power over their host."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="privileged-container",
    title="Container runs without privileges, without devices and in namespaces of its own",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("2.2.4", "7.2.1"),
    rationale="A privileged container, or one that sees the processes of its host, is root on that host.",
    remediation="Remove privileged, linuxParameters.devices and dockerSecurityOptions; leave pid_mode, ipc_mode out.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html",
        "2026-11-22",
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


def check_each(task: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per container and power, whether or not Fargate would refuse it when the task starts."""
    for attribute in ("pid_mode", "ipc_mode"):
        if task.text(attribute) == "host":
            yield finding(task, attribute, "host", "none")
    for container in containers(task):
        if container.boolean("privileged", False):
            yield finding(container, "privileged", True, False)
        for path in ("linuxParameters.devices", "dockerSecurityOptions"):
            if container.has(path):
                yield finding(container, path, container.get(path), "none")


TASK = "aws_ecs_task_definition.payment-api"
CONTAINER = "container_definitions[0]"
MUTANTS = (
    Mutant("privileged", put(TASK, f"{CONTAINER}.privileged", True), at=TASK),
    Mutant("privileged, as text", put(TASK, f"{CONTAINER}.privileged", "true"), at=TASK),
    Mutant("processes of the host", put(TASK, "pid_mode", "host"), at=TASK),
    Mutant("shared memory of the host", put(TASK, "ipc_mode", "host"), at=TASK),
    Mutant("a device", put(TASK, f"{CONTAINER}.linuxParameters.devices", [{"hostPath": "/dev/fuse"}]), at=TASK),
    Mutant("confinement off", put(TASK, f"{CONTAINER}.dockerSecurityOptions", ["apparmor:unconfined"]), at=TASK),
)
