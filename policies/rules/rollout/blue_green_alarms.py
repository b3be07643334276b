"""Every metric that the spec names is watched where the old version is and where the new one is."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.alarms import ALARM, NAMES, alarms_of, leads_to
from policies.graph.ecs import SERVICE
from policies.graph.traffic_shift import shifts_of
from policies.microservices import microservice_of
from policies.mutant import Mutant, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="blue-green-alarms",
    title="ECS service that is replaced blue/green has an alarm per metric of the spec on each of its target groups",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1", "10.7.2"),
    rationale="The new version is in the second group on one rollout and in the first on the next: alarms on one of "
    "them watch every other rollout.",
    remediation="List an alarm on each metric that the spec names for each of the two groups, with both dimensions.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html", "2026-11-26"
    ),
    applies_to=(SERVICE,),
)


def check_each(service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per metric and group that no alarm of the service's list watches."""
    name = microservice_of(service, "name", spec)
    stated = spec.get("rollout.blue_green") if spec.states("rollout") else {}
    if name not in stated:
        return
    listed = [alarm for _, alarm in alarms_of(service, graph) if alarm]
    for shift in shifts_of(service):
        for group in shift.groups(graph):
            for metric in stated[name]["alarms"]:
                watching = [alarm for alarm in listed if alarm.text("metric_name") == metric]
                if not any(leads_to(alarm, "TargetGroup", group, graph) for alarm in watching):
                    found = [alarm.address for alarm in watching] or None
                    yield finding(service, NAMES, found, f"an alarm on {metric} of {group.address}")


API = f"{SERVICE}.api-gateway"
SLOW, ERRORS = f"{ALARM}.api-gateway-green-slow-answers", f"{ALARM}.api-gateway-green-target-5xx"
BLUE = "${aws_lb_target_group.api-gateway.arn_suffix}"
MUTANTS = (
    Mutant("green forgotten", change(API, NAMES, lambda names: names[:4]), at=API, stack="gateway"),
    Mutant("an alarm that is not listed", change(API, NAMES, lambda names: names[:-1]), at=API, stack="gateway"),
    Mutant("both alarms on one group", put(ERRORS, "dimensions.TargetGroup", BLUE), at=API, stack="gateway"),
    Mutant(
        "errors that clients make", put(ERRORS, "metric_name", "HTTPCode_Target_4XX_Count"), at=API, stack="gateway"
    ),
    Mutant("the list emptied", put(API, NAMES, []), at=API, also=("deployment-alarms",), stack="gateway"),
)
