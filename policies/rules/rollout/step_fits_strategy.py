"""Canary and linear rollouts move a part of the requests first, and wait long enough to see what becomes of it."""

from collections.abc import Iterator
from typing import NamedTuple

from policies.graph import Graph, Resource
from policies.graph.alarms import alarms_of, seconds_to_fire
from policies.graph.ecs import SERVICE, deployment_strategy_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="step-fits-strategy",
    title="ECS service that moves requests in steps states their size and a wait that its alarms can use",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="A canary of all requests is none, and steps that follow each other before an alarm can fire are one "
    "step.",
    remediation="State percent and bake time of the step in the block of the strategy, and no other strategy's block.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html", "2026-11-26"
    ),
    applies_to=(SERVICE,),
    baseline=True,
)


class Step(NamedTuple):
    """Where a strategy states its steps, and the smallest one ECS takes."""

    block: str
    percent: str
    minutes: str
    least: float


STEPS = {
    "CANARY": Step("canary_configuration", "canary_percent", "canary_bake_time_in_minutes", 0.1),
    "LINEAR": Step("linear_configuration", "step_percent", "step_bake_time_in_minutes", 3),
}
MOST_PERCENT = 50  # of all requests that may meet a new version at once, where the strategy is to go slowly
CONFIGURATION = "deployment_configuration"


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for the block of another strategy, and for a step without size, of too much, or without a wait."""
    strategy = deployment_strategy_of(service)
    for other, step in STEPS.items():
        path = f"{CONFIGURATION}.{step.block}"
        if other != strategy and service.has(path):
            yield finding(service, path, service.get(path), f"no such block with {strategy}")
    if strategy in STEPS:
        yield from _of_step(service, STEPS[strategy], graph)


def _of_step(service: Resource, step: Step, graph: Graph) -> Iterator[Finding]:
    percent_path, minutes_path = (f"{CONFIGURATION}.{step.block}.{name}" for name in (step.percent, step.minutes))
    percent, minutes = service.number(percent_path), service.number(minutes_path)
    if percent is None or not step.least <= percent <= MOST_PERCENT:
        yield finding(service, percent_path, percent, f"{step.least:g} to {MOST_PERCENT} % of the requests")
    slowest = max((seconds_to_fire(alarm) for _, alarm in alarms_of(service, graph) if alarm), default=60)
    if minutes is None or minutes * 60 < slowest:
        yield finding(service, minutes_path, minutes, f"at least the {slowest:g} seconds that its alarms take to fire")


API = f"{SERVICE}.api-gateway"
CANARY = f"{CONFIGURATION}.canary_configuration"
LINEAR = {"step_percent": 10, "step_bake_time_in_minutes": "5"}
MUTANTS = (
    Mutant("no step", drop(API, CANARY), at=API, stack="gateway"),
    Mutant("all at once", put(API, f"{CANARY}.canary_percent", 100), at=API, stack="gateway"),
    Mutant("no wait", put(API, f"{CANARY}.canary_bake_time_in_minutes", "0"), at=API, stack="gateway"),
    Mutant("a wait before any alarm", put(API, f"{CANARY}.canary_bake_time_in_minutes", 4), at=API, stack="gateway"),
    Mutant("wait left to the default", drop(API, f"{CANARY}.canary_bake_time_in_minutes"), at=API, stack="gateway"),
    Mutant("the block of another strategy", put(API, f"{CONFIGURATION}.strategy", "LINEAR"), at=API, stack="gateway"),
    Mutant("both blocks", put(API, f"{CONFIGURATION}.linear_configuration", [LINEAR]), at=API, stack="gateway"),
)
