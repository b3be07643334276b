"""After all requests have moved, both versions stay long enough for an alarm to take them back."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.alarms import ALARM, alarms_of, seconds_to_fire
from policies.graph.ecs import SERVICE, is_rolling
from policies.microservices import microservice_of
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="bake-time",
    title="ECS service bakes a new version within the bounds of the spec, and longer than its alarms take to fire",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="The old version is gone when the bake ends: an alarm that fires later has nothing to go back to.",
    remediation="Set bake_time_in_minutes within the bounds of the spec, or let the slowest alarm fire sooner.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html", "2026-11-26"
    ),
    applies_to=(SERVICE,),
)

BAKE = "deployment_configuration.bake_time_in_minutes"


def check_each(service: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a bake time that is not stated or out of bounds, and for one that an alarm of the list outlasts."""
    name = microservice_of(service, "name", spec)
    if is_rolling(service) or not spec.states("rollout") or name not in spec.get("rollout.blue_green"):
        return
    bounds = spec.get("rollout.blue_green")[name]["bake_time_minutes"]
    minutes = service.number(BAKE)
    if minutes is None or not bounds["at_least"] <= minutes <= bounds["at_most"]:
        yield finding(service, BAKE, minutes, f"{bounds['at_least']} to {bounds['at_most']} minutes")
    for _, alarm in alarms_of(service, graph):
        if alarm and seconds_to_fire(alarm) > (minutes or 0) * 60:
            expected = f"at least the {seconds_to_fire(alarm):g} seconds that {alarm.address} takes to fire"
            yield finding(service, BAKE, minutes, expected)


API, SLOW = f"{SERVICE}.api-gateway", f"{ALARM}.api-gateway-green-slow-answers"
MUTANTS = (
    Mutant("none", put(API, BAKE, "0"), at=API, stack="gateway"),
    Mutant("left to the default", drop(API, BAKE), at=API, stack="gateway"),
    Mutant("a minute", put(API, BAKE, 1), at=API, stack="gateway"),
    Mutant("a day", put(API, BAKE, "1440"), at=API, stack="gateway"),
    Mutant(
        "an alarm that needs an hour", put(SLOW, "period", 1200), at=API, stack="gateway", also=("step-fits-strategy",)
    ),
    Mutant(
        "an alarm that needs many points",
        both(put(SLOW, "evaluation_periods", "30"), drop(SLOW, "datapoints_to_alarm")),
        at=API,
        also=("step-fits-strategy",),
        stack="gateway",
    ),
)
