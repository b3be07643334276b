"""A blue/green rollout has no circuit breaker, which ECS has for task-by-task rollouts only."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SERVICE, deployment_strategy_of, is_rolling
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="no-breaker-with-blue-green",
    title="ECS service that is replaced blue/green relies on its alarms and has no circuit breaker",
    severity=Severity.MEDIUM,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="The breaker belongs to rolling updates; beside a blue/green strategy it looks like a safety that is not "
    "there.",
    remediation="Remove deployment_circuit_breaker, and let alarms with rollback end a bad bake.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html", "2026-11-26"
    ),
    applies_to=(SERVICE,),
    baseline=True,
)

BREAKER = "deployment_circuit_breaker"


def check_each(service: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per service with both; a state shows a breaker that is off where there is none."""
    if not is_rolling(service) and service.boolean(f"{BREAKER}.enable", False):
        yield finding(service, f"{BREAKER}.enable", True, f"no breaker with {deployment_strategy_of(service)}")


API = f"{SERVICE}.api-gateway"
MUTANTS = (
    Mutant("a breaker", put(API, BREAKER, {"enable": True, "rollback": True}), at=API, stack="gateway"),
    Mutant(
        "a breaker as list and text",
        put(API, BREAKER, [{"enable": "true", "rollback": False}]),
        at=API,
        stack="gateway",
    ),
)
