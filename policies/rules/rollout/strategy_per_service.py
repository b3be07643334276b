"""Services that the spec wants replaced blue/green are, and all others are replaced task by task."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SERVICE, deployment_strategy_of
from policies.microservices import microservice_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="strategy-per-service",
    title="ECS service is replaced in the way that the spec states for it, task by task where it states none",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="Task by task, a version that starts and then fails has met customers before anything undoes it; behind "
    "DNS alone, blue/green mixes two versions.",
    remediation="Set deployment_configuration.strategy to one that rollout.blue_green of the spec lists; leave it out "
    "for every other service.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html", "2026-11-26"
    ),
    applies_to=(SERVICE,),
)

STRATEGY = "deployment_configuration.strategy"


def check_each(service: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per service with another strategy; ROLLING is what ECS takes when none is stated."""
    name = microservice_of(service, "name", spec)
    if name is None:
        return
    stated = spec.get("rollout.blue_green") if spec.states("rollout") else {}
    allowed = stated[name]["strategies"] if name in stated else ["ROLLING"]
    strategy = deployment_strategy_of(service)
    if strategy not in allowed:
        yield finding(service, STRATEGY, strategy, allowed)


API, INNER = f"{SERVICE}.api-gateway", f"{SERVICE}.fraud-detector"
NO_BREAKER, UNDONE, STEPS = "no-breaker-with-blue-green", "deployment-rollback", "step-fits-strategy"
MUTANTS = (
    Mutant(
        "left to the default",
        drop(API, "deployment_configuration"),
        at=API,
        also=(UNDONE, "ignored-changes"),
        stack="gateway",
    ),
    Mutant(
        "task by task", put(API, STRATEGY, "ROLLING"), at=API, also=(UNDONE, STEPS, "ignored-changes"), stack="gateway"
    ),
    Mutant(
        "only the strategy left out",
        drop(API, STRATEGY),
        at=API,
        also=(UNDONE, STEPS, "ignored-changes"),
        stack="gateway",
    ),
    Mutant(
        "blue/green behind DNS",
        put(INNER, "deployment_configuration", [{"strategy": "BLUE_GREEN", "bake_time_in_minutes": "10"}]),
        at=INNER,
        also=("blue-green-behind-load-balancer", NO_BREAKER),
        stack="gateway",
    ),
    Mutant(
        "blue/green where nobody asked for it",
        put(f"{SERVICE}.notification-service", "deployment_configuration", {"strategy": "BLUE_GREEN"}),
        at=f"{SERVICE}.notification-service",
        also=("blue-green-behind-load-balancer", NO_BREAKER),
    ),
)
