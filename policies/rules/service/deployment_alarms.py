"""The alarms that end a deployment exist and watch something of the service."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import cluster_name_of, target_groups_of
from policies.graph.values import Values
from policies.mutant import Mutant, append, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

ALARM = "aws_cloudwatch_metric_alarm"
RULE = Rule(
    id="deployment-alarms",
    title="ECS service is watched during deployments by alarms of this stack on its own tasks or target group",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("10.7.2",),
    rationale="An alarm that does not exist, or watches another service, lets a bad deployment finish in silence.",
    remediation="List alarms of this stack whose dimensions name the service and its cluster, or its target group.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
)

NAMES = "alarms.alarm_names"


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for no alarm at all, and for each name that no alarm of this stack bears or that watches others."""
    names = service.texts(NAMES)
    if not names:
        yield finding(service, NAMES, None, "at least one alarm")
    alarms = graph.once(_by_name)
    for name in names:
        if name not in alarms:
            yield finding(service, NAMES, name, "the name of an alarm of this stack")
        elif not any(_watches(metric, service, graph) for metric in _dimensions(alarms[name])):
            yield finding(service, NAMES, alarms[name].address, f"an alarm on a metric of {service.address}")


def _by_name(graph: Graph) -> dict[str | None, Resource]:
    return {alarm.text("alarm_name"): alarm for alarm in graph.of_type(ALARM)}


def _dimensions(alarm: Resource) -> Iterator[Values]:
    """Where an alarm states dimensions: at its top, and in the metrics of an expression."""
    yield alarm
    for query in alarm.blocks("metric_query"):
        yield from query.blocks("metric")


def _watches(metric: Values, service: Resource, graph: Graph) -> bool:
    named = metric.table("dimensions")
    if "ServiceName" in named:
        both = metric.text("dimensions.ServiceName"), metric.text("dimensions.ClusterName")
        return both == (service.text("name"), cluster_name_of(service, graph))
    groups = target_groups_of(service, graph)
    if "TargetGroup" not in named or not groups:
        return False
    value = named["TargetGroup"]
    followed = graph.lookup(value) if isinstance(value, str) and "${" in value else ()
    return any(group in followed or value == group.get("arn_suffix") for group in groups)


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
    Mutant("no dimensions", drop(TASKS, "dimensions"), at=API),
    Mutant("its name cut", change(TASKS, "dimensions.ServiceName", lambda name: name[:-1]), at=API),
)
