"""The metrics that a deployment may be judged by: what each is measured for, which statistics it has, which way is bad.

Sources (2026-11-26):
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
"""

from dataclasses import dataclass, field

LOAD_BALANCER, TARGET_GROUP = "LoadBalancer", "TargetGroup"
_OF_TARGETS = frozenset({LOAD_BALANCER, TARGET_GROUP})
_OF_SERVICE = frozenset({"ClusterName", "ServiceName"})
_LEVELS = frozenset({"Average", "Maximum", "Minimum"})
_COUNTS = frozenset({"Sum"})  # the other statistics of a count of events are always 1
MOST_ERRORS = 1000  # in one period; whoever waits for more does not mean to be told
MOST_SECONDS = "idle_timeout"  # of the load balancer, which ends every answer that takes longer
FEWEST_TASKS = "min_tasks"  # of the spec: with no more tasks than these, no more can be unhealthy


@dataclass(frozen=True)
class Metric:
    """dimensions: exactly those it is published under; most: the largest threshold that can still be crossed.

    bad_when_low: whether a low value is the bad one; percentiles: whether p90 and the like exist
    """

    dimensions: frozenset[str]
    statistics: frozenset[str]
    most: float | str
    bad_when_low: bool = False
    percentiles: bool = field(default=False)


_ERRORS = Metric(_OF_TARGETS, _COUNTS, MOST_ERRORS)
_PERCENT = Metric(_OF_SERVICE, frozenset({"Average", "Maximum"}), 100)
METRICS = {
    ("AWS/ApplicationELB", "HTTPCode_Target_4XX_Count"): _ERRORS,
    ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"): _ERRORS,
    ("AWS/ApplicationELB", "TargetConnectionErrorCount"): _ERRORS,
    ("AWS/ApplicationELB", "TargetResponseTime"): Metric(
        _OF_TARGETS, frozenset({"Average", "Maximum"}), MOST_SECONDS, percentiles=True
    ),
    ("AWS/ApplicationELB", "UnHealthyHostCount"): Metric(_OF_TARGETS, _LEVELS, FEWEST_TASKS),
    ("AWS/ECS", "CPUUtilization"): _PERCENT,
    ("AWS/ECS", "MemoryUtilization"): _PERCENT,
    ("ECS/ContainerInsights", "RunningTaskCount"): Metric(_OF_SERVICE, _LEVELS, FEWEST_TASKS, bad_when_low=True),
}
