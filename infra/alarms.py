"""Alarms that undo a deployment: too few running tasks, and for public services errors and unhealthy targets."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from infra.context import Context, Part

PERIOD_SECONDS = 60


@dataclass(frozen=True)
class Watch:
    """One metric and the bound it must not cross in `periods` minutes in a row."""

    component: str
    description: str
    namespace: str
    metric: str
    statistic: str
    comparison: str
    threshold: float
    periods: int
    dimensions: Mapping[str, str]


def watch_tasks(cluster_name: str, service_name: str, min_tasks: int) -> Watch:
    """Running tasks below the minimum: the new version does not start or does not stay.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
    (2026-11-22)
    """
    return Watch(
        component="running-tasks",
        description=f"Fewer than {min_tasks} tasks are running",
        namespace="ECS/ContainerInsights",
        metric="RunningTaskCount",
        statistic="Minimum",
        comparison="LessThanThreshold",
        threshold=min_tasks,
        periods=5,
        dimensions={"ClusterName": cluster_name, "ServiceName": service_name},
    )


def watch_targets(
    load_balancer: str, target_group: str, slowest_answer_seconds: int | None, color: str = ""
) -> tuple[Watch, ...]:
    """Errors answered by tasks, slow answers, and tasks that fail the load balancer's health check.

    load_balancer, target_group: ARN suffixes; color: which of two target groups, "" where there is one
    slowest_answer_seconds: what 99 of 100 answers have to stay below; None for no such alarm

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    (2026-11-22)
    """
    dimensions = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
    slow = Watch(
        component=f"{color}slow-answers",
        description=f"One of 100 answers takes {slowest_answer_seconds} seconds or longer",
        namespace="AWS/ApplicationELB",
        metric="TargetResponseTime",
        statistic="p99",
        comparison="GreaterThanOrEqualToThreshold",
        threshold=slowest_answer_seconds or 0,
        periods=3,
        dimensions=dimensions,
    )
    return (
        Watch(
            component=f"{color}target-5xx",
            description="Tasks answer with server errors",
            namespace="AWS/ApplicationELB",
            metric="HTTPCode_Target_5XX_Count",
            statistic="Sum",
            comparison="GreaterThanOrEqualToThreshold",
            threshold=10,
            periods=2,
            dimensions=dimensions,
        ),
        Watch(
            component=f"{color}unhealthy-targets",
            description="Tasks fail the health check of the load balancer",
            namespace="AWS/ApplicationELB",
            metric="UnHealthyHostCount",
            statistic="Maximum",
            comparison="GreaterThanOrEqualToThreshold",
            threshold=1,
            periods=5,
            dimensions=dimensions,
        ),
        *((slow,) if slowest_answer_seconds else ()),
    )


class Alarms(Part):
    """The alarms of one service; `names` is what its deployments watch."""

    def __init__(self, scope: Construct, context: Context, service_name: str, watches: tuple[Watch, ...]) -> None:
        super().__init__(scope, "alarms", context)
        self.names = [self._alarm(service_name, watch).alarm_name for watch in watches]

    def _alarm(self, service_name: str, watch: Watch) -> CloudwatchMetricAlarm:
        component = f"{service_name}-{watch.component}"
        is_percentile = watch.statistic.startswith("p")
        return self.add(
            CloudwatchMetricAlarm,
            component,
            service_name,
            alarm_name=self.name("alarm", component),
            alarm_description=f"{service_name}: {watch.description}",
            namespace=watch.namespace,
            metric_name=watch.metric,
            statistic=None if is_percentile else watch.statistic,
            extended_statistic=watch.statistic if is_percentile else None,
            comparison_operator=watch.comparison,
            threshold=watch.threshold,
            period=PERIOD_SECONDS,
            evaluation_periods=watch.periods,
            datapoints_to_alarm=watch.periods,
            dimensions=dict(watch.dimensions),
            treat_missing_data="notBreaching",  # before the first task there is nothing to measure
        )
