"""Tasks on Spot use the whole warning that AWS gives them."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers, task_definition_of
from policies.graph.ecs import SERVICE, default_strategies_of
from policies.mutant import Mutant, drop, put
from policies.placement import SPOT
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="spot-warning",
    title="ECS service on Fargate Spot gives its containers the whole two minutes of warning to stop",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=(),
    rationale="Spot takes a task back two minutes after SIGTERM; by default ECS kills it after 30 seconds of them.",
    remediation="Set stopTimeout of every essential container to 120.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html", "2026-11-22"
    ),
    applies_to=(SERVICE,),
)

WARNING_SECONDS = 120


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per essential container of a service that may run on Spot."""
    strategy = service.blocks("capacity_provider_strategy") or default_strategies_of(service, graph)
    if SPOT not in {share.text("capacity_provider") for share in strategy}:
        return
    task = task_definition_of(service, graph)
    for container in containers(task):
        stop = container.number("stopTimeout")
        if container.boolean("essential", True) and stop != WARNING_SECONDS:
            found = f"{task.address} {container.where('stopTimeout')} = {stop}"
            yield finding(service, "task_definition", found, f"{WARNING_SECONDS} seconds")


NOTIFY, TASK = "aws_ecs_service.notification-service", "aws_ecs_task_definition.notification-service"
STOP = "container_definitions[0].stopTimeout"
MUTANTS = (
    Mutant("90 seconds", put(TASK, STOP, 90), at=NOTIFY),
    Mutant("left to the default", drop(TASK, STOP), at=NOTIFY),
)
