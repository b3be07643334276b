"""Tasks get more time to stop than their target group takes to drain them."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers, task_definition_of
from policies.graph.ecs import SERVICE, target_groups_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="stop-timeout",
    title="ECS service gives containers more time to stop than its target group takes to drain them",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=(),
    rationale="A container that is killed before its connections have drained loses the payments that are on them.",
    remediation="Raise stopTimeout (at most 120 seconds on Fargate) above deregistration_delay (300 unless stated).",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html",
        "2026-11-22",
    ),
    applies_to=(SERVICE,),
    baseline=True,
)

STOP_DEFAULT_SECONDS, STOP_LIMIT_SECONDS, DRAIN_DEFAULT_SECONDS = 30, 120, 300


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per essential container that is stopped too early, or asks for more than Fargate grants."""
    drains = [
        group.number("deregistration_delay", DRAIN_DEFAULT_SECONDS) or 0 for group in target_groups_of(service, graph)
    ]
    longest = max(drains, default=0)
    task = task_definition_of(service, graph)
    for container in containers(task):
        stop = container.number("stopTimeout", STOP_DEFAULT_SECONDS) or 0
        if stop > STOP_LIMIT_SECONDS or (drains and container.boolean("essential", True) and stop <= longest):
            expected = f"more than {longest} and at most {STOP_LIMIT_SECONDS} seconds"
            yield finding(
                service, "task_definition", f"{task.address} {container.where('stopTimeout')} = {stop}", expected
            )


API, TASK, GROUP = (
    "aws_ecs_service.payment-api",
    "aws_ecs_task_definition.payment-api",
    "aws_lb_target_group.payment-api",
)
STOP = "container_definitions[0].stopTimeout"
MUTANTS = (
    Mutant("as long as the drain", put(GROUP, "deregistration_delay", "120"), at=API),
    Mutant("drain left to its default", drop(GROUP, "deregistration_delay"), at=API),
    Mutant("stop left to its default", drop(TASK, STOP), at=API, also=("spot-warning",)),
    Mutant("longer than Fargate grants", put(TASK, STOP, 121), at=API, also=("spot-warning",)),
)
