"""The alarms that a service's deployments watch, and what those alarms watch."""

from collections.abc import Iterator

from policies.graph.ecs import cluster_name_of, target_groups_of
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.templates import single_reference
from policies.graph.values import Values

ALARM = "aws_cloudwatch_metric_alarm"
NAMES = "alarms.alarm_names"


def alarms_of(service: Resource, graph: Graph) -> Iterator[tuple[str, Resource | None]]:
    """Each name in the list of a service, with the alarm of this stack that bears it."""
    by_name = graph.once(_by_name)
    yield from ((name, by_name.get(name)) for name in service.texts(NAMES))


def metrics_of(alarm: Resource) -> Iterator[Values]:
    """Where an alarm states a metric: at its top, and in the metrics of an expression."""
    yield alarm
    for query in alarm.blocks("metric_query"):
        yield from query.blocks("metric")


def watches(metric: Values, service: Resource, graph: Graph) -> bool:
    """Whether the dimensions of a metric name the service in its cluster, or one of its target groups."""
    named = metric.table("dimensions")
    if "ServiceName" in named:
        both = metric.text("dimensions.ServiceName"), metric.text("dimensions.ClusterName")
        return both == (service.text("name"), cluster_name_of(service, graph))
    return any(leads_to(metric, "TargetGroup", group, graph) for group in target_groups_of(service, graph))


def leads_to(metric: Values, dimension: str, target: Resource, graph: Graph) -> bool:
    """Whether a dimension is the end of the ARN of a load balancer or target group; its whole ARN measures nothing."""
    value = metric.table("dimensions").get(dimension)
    if not isinstance(value, str):
        return False
    reference = single_reference(value)
    if reference is None:
        return value == target.get("arn_suffix")
    return reference.steps[-1:] == ("arn_suffix",) and target in graph.instances(reference)


def seconds_to_fire(alarm: Resource) -> float:
    """How long things have to be bad before the alarm says so; MalformedError where it does not state that."""
    period, periods = alarm.number("period"), alarm.number("evaluation_periods")
    if not period or not periods:
        raise alarm.malformed("period", period, "a period and evaluation_periods")
    return period * (alarm.number("datapoints_to_alarm") or periods)


def _by_name(graph: Graph) -> dict[str | None, Resource]:
    return {alarm.text("alarm_name"): alarm for alarm in graph.of_type(ALARM)}
