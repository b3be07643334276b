"""The alarms that end a deployment exist and watch something of the service."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.alarms import ALARM, NAMES, alarms_of, metrics_of, watches
from policies.mutant import Mutant, append, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="deployment-alarms",
    title="ECS service is watched during deployments by alarms of this stack on its own tasks or target group",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("10.7.2",),
    rationale="An alarm that does not exist, or watches another service, lets a bad deployment finish in silence.",
    remediation="List alarms of this stack whose dimensions name the service and its cluster, or its target group.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
)


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for no alarm at all, and for each name that no alarm of this stack bears or that watches others."""
    listed = tuple(alarms_of(service, graph))
    if not listed:
        yield finding(service, NAMES, None, "at least one alarm")
    for name, alarm in listed:
        if alarm is None:
            yield finding(service, NAMES, name, "the name of an alarm of this stack")
        elif not any(watches(metric, service, graph) for metric in metrics_of(alarm)):
            yield finding(service, NAMES, alarm.address, f"an alarm on a metric of {service.address}")


API, OTHER = "aws_ecs_service.payment-api", "aws_ecs_service.fraud-detection"
TASKS, TARGETS = f"{ALARM}.payment-api-running-tasks", f"{ALARM}.payment-api-target-5xx"
MUTANTS = (
    Mutant("no alarms", put(API, NAMES, []), at=API),
    Mutant("no block", drop(API, "alarms"), at=API, also=("deployment-rollback",)),
    Mutant(
        "an alarm that does not exist", append(API, NAMES, "alarm-payment-api-running-task-production-pr42"), at=API
    ),
    Mutant("another service's alarm", put(OTHER, NAMES, [f"${{{TASKS}.alarm_name}}"]), at=OTHER),
    Mutant("another cluster", put(TASKS, "dimensions.ClusterName", "ecs-cluster-staging-pr42"), at=API),
    Mutant("the whole load balancer", drop(TARGETS, "dimensions.TargetGroup"), at=API),
    Mutant(
        "its whole ARN, which measures nothing",
        put(TARGETS, "dimensions.TargetGroup", "${aws_lb_target_group.payment-api.arn}"),
        at=API,
    ),
    Mutant("no dimensions", drop(TASKS, "dimensions"), at=API),
    Mutant("its name cut", change(TASKS, "dimensions.ServiceName", lambda name: name[:-1]), at=API),
)
