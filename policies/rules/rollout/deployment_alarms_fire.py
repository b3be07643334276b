"""The alarms that end a deployment can fire when something is wrong, and are quiet when nothing is."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.alarms import ALARM, alarms_of, leads_to, watches
from policies.graph.ecs import SERVICE, target_groups_of
from policies.graph.load_balancing import forwarders
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.rollout._metrics import LOAD_BALANCER, METRICS, MOST_SECONDS, Metric
from policies.spec import Spec

RULE = Rule(
    id="deployment-alarms-fire",
    title="CloudWatch alarm of a deployment watches a metric that exists, with a threshold that only trouble crosses",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1", "10.7.2"),
    rationale="An alarm that cannot fire ends no deployment; one that always fires is worse: ECS does not watch the "
    "alarms of a deployment at whose start one of them is red.",
    remediation="Take a metric, its dimensions and its statistic as AWS publishes them, and a threshold within reach.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html", "2026-11-26"
    ),
    applies_to=(ALARM,),
)

PERCENTILE = re.compile(r"p(9\d|[5-8]\d)(\.\d{1,10})?")
IDLE_SECONDS = 60  # of a load balancer, unless stated
HIGH = {"GreaterThanThreshold": False, "GreaterThanOrEqualToThreshold": True}
LOW = {"LessThanThreshold": False, "LessThanOrEqualToThreshold": True}
# Errors and slow answers that nobody measured are none. `ignore` keeps an alarm as it was, red or green, forever.
QUIET_HIGH = ("notBreaching", "missing")
QUIET_LOW = (*QUIET_HIGH, "breaching")


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per alarm that a service lists. Whether it watches that service is the matter of deployment-alarms."""
    for service in graph.of_type(SERVICE):
        for _, alarm in alarms_of(service, graph):
            if alarm and alarm.has("metric_query"):
                yield finding(alarm, "metric_query", "an expression", "one metric, of which it is known when it fires")
            elif alarm and watches(alarm, service, graph):
                yield from _of_alarm(alarm, service, graph, spec)


def _of_alarm(alarm: Resource, service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    name = f"{alarm.text('namespace')} {alarm.text('metric_name')}"
    metric = METRICS.get((alarm.text("namespace") or "", alarm.text("metric_name") or ""))
    if metric is None:
        yield finding(alarm, "metric_name", name, [" ".join(known) for known in METRICS])
        return
    if (dimensions := frozenset(alarm.table("dimensions"))) != metric.dimensions:
        yield finding(alarm, "dimensions", sorted(dimensions), sorted(metric.dimensions))
    balancers = [item for group in target_groups_of(service, graph) for _, item in forwarders(group, graph)]
    known = not balancers or any(leads_to(alarm, LOAD_BALANCER, item, graph) for item in balancers)
    if LOAD_BALANCER in dimensions and not known:  # a service without one is the matter of load-balancer-attachment
        found = alarm.get(f"dimensions.{LOAD_BALANCER}")
        yield finding(alarm, f"dimensions.{LOAD_BALANCER}", found, "the load balancer of the service")
    statistic, percentile = alarm.text("statistic"), alarm.text("extended_statistic")
    suits = metric.percentiles and PERCENTILE.fullmatch(percentile) if percentile else statistic in metric.statistics
    if not suits:
        expected = [*sorted(metric.statistics), *(["p50 to p99.99"] if metric.percentiles else [])]
        yield finding(alarm, "statistic", percentile or statistic, expected)
    if alarm.has("unit"):  # with a unit that the metric is not sent in, there is never any data
        yield finding(alarm, "unit", alarm.text("unit"), "unset: the metric's own")
    missing, quiet = alarm.text("treat_missing_data", "missing"), QUIET_LOW if metric.bad_when_low else QUIET_HIGH
    if missing not in quiet:
        yield finding(alarm, "treat_missing_data", missing, quiet)
    yield from _threshold(alarm, metric, _most(metric, balancers, spec))


def _threshold(alarm: Resource, metric: Metric, most: float) -> Iterator[Finding]:
    """A threshold between what is always so and what never is, on the side where the trouble lies."""
    comparisons = LOW if metric.bad_when_low else HIGH
    comparison, threshold = alarm.text("comparison_operator") or "", alarm.number("threshold")
    if comparison not in comparisons:
        yield finding(alarm, "comparison_operator", comparison or None, sorted(comparisons))
        return
    includes_threshold = comparisons[comparison]
    # A value is 0 or more, and `most` or less: one end of that is always so, the other one has to be within reach.
    if metric.bad_when_low == includes_threshold:
        within = threshold is not None and 0 <= threshold < most
    else:
        within = threshold is not None and 0 < threshold <= most
    if not within:
        yield finding(alarm, "threshold", threshold, f"a threshold within 0 and {most:g} that {comparison} can cross")


def _most(metric: Metric, balancers: list[Resource], spec: Spec) -> float:
    if isinstance(metric.most, int | float):
        return metric.most
    if metric.most == MOST_SECONDS:
        return min((item.number(MOST_SECONDS) or IDLE_SECONDS for item in balancers), default=IDLE_SECONDS)
    minimum: float = spec.get(f"scaling.{metric.most}")
    return minimum


TASKS, ERRORS = f"{ALARM}.payment-api-running-tasks", f"{ALARM}.payment-api-target-5xx"
UNHEALTHY = f"{ALARM}.payment-api-unhealthy-targets"
SLOW = f"{ALARM}.api-gateway-green-slow-answers"
QUERY = [{"id": "m", "return_data": True, "metric": {"metric_name": "RunningTaskCount", "namespace": "X"}}]
MUTANTS = (
    Mutant(
        "a unit that nothing is measured in",
        put("aws_cloudwatch_metric_alarm.api-gateway-green-target-5xx", "unit", "Percent"),
        at="aws_cloudwatch_metric_alarm.api-gateway-green-target-5xx",
        stack="gateway",
    ),
    Mutant("another namespace", put(ERRORS, "namespace", "AWS/NetworkELB"), at=ERRORS),
    Mutant("a metric with a typing error", put(ERRORS, "metric_name", "HTTPCode_Target_5xx_Count"), at=ERRORS),
    Mutant("an average of ones", put(ERRORS, "statistic", "Average"), at=ERRORS),
    Mutant(
        "a percentile of ones", both(drop(ERRORS, "statistic"), put(ERRORS, "extended_statistic", "p99")), at=ERRORS
    ),
    Mutant("a million errors", put(ERRORS, "threshold", "1000000"), at=ERRORS),
    Mutant("no errors at all", put(ERRORS, "threshold", 0), at=ERRORS),
    Mutant("the good side", put(ERRORS, "comparison_operator", "LessThanThreshold"), at=ERRORS),
    Mutant("no load balancer", drop(ERRORS, "dimensions.LoadBalancer"), at=ERRORS),
    Mutant("one zone of three", put(ERRORS, "dimensions.AvailabilityZone", "us-east-1a"), at=ERRORS),
    Mutant("the load balancer's name", put(ERRORS, "dimensions.LoadBalancer", "${aws_lb.public.name}"), at=ERRORS),
    Mutant("kept as it was", put(UNHEALTHY, "treat_missing_data", "ignore"), at=UNHEALTHY),
    Mutant("red without requests", put(ERRORS, "treat_missing_data", "breaching"), at=ERRORS),
    Mutant("more unhealthy tasks than there are", put(UNHEALTHY, "threshold", 11), at=UNHEALTHY),
    Mutant("fewer than no tasks", put(TASKS, "threshold", 0), at=TASKS),
    Mutant("fewer tasks than scaling ever has", put(TASKS, "threshold", 4), at=TASKS),
    Mutant("an expression", put(TASKS, "metric_query", QUERY), at=TASKS),
    Mutant("longer than an answer may take", put(SLOW, "threshold", 60.5), at=SLOW, stack="gateway"),
    Mutant("the quickest answers", put(SLOW, "extended_statistic", "p1"), at=SLOW, stack="gateway"),
    Mutant(
        "100 % of CPU and more",
        both(
            put(TASKS, "namespace", "AWS/ECS"),
            put(TASKS, "metric_name", "CPUUtilization"),
            put(TASKS, "comparison_operator", "GreaterThanThreshold"),
            put(TASKS, "statistic", "Maximum"),
            put(TASKS, "threshold", 100),
        ),
        at=TASKS,
    ),
)
