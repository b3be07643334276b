"""A deployment that fails undoes itself."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import is_rolling
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="deployment-rollback",
    title="ECS service rolls a failed deployment back by circuit breaker and by alarm",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="The breaker sees tasks that never start, alarms see tasks that start and then fail.",
    remediation="Set enable and rollback to true in deployment_circuit_breaker and in alarms.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
)


def check_each(service: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per switch that is not on. A blue/green deployment has no breaker: alarms end its bake."""
    for block in ("deployment_circuit_breaker", "alarms") if is_rolling(service) else ("alarms",):
        for switch in ("enable", "rollback"):
            if not service.boolean(f"{block}.{switch}", False):
                yield finding(service, f"{block}.{switch}", service.get(f"{block}.{switch}"), True)


API = "aws_ecs_service.payment-api"
GATEWAY, INNER = "aws_ecs_service.api-gateway", "aws_ecs_service.fraud-detector"
MUTANTS = (
    Mutant("breaker without rollback", put(API, "deployment_circuit_breaker.rollback", False), at=API),
    Mutant("breaker off", put(API, "deployment_circuit_breaker.enable", False), at=API),
    Mutant("no breaker", drop(API, "deployment_circuit_breaker"), at=API),
    Mutant("alarms without rollback", drop(API, "alarms.rollback"), at=API),
    Mutant("alarms off", put(API, "alarms.enable", "false"), at=API),
    Mutant("blue/green without rollback", put(GATEWAY, "alarms.rollback", False), at=GATEWAY, stack="gateway"),
    Mutant("no breaker where names are called", drop(INNER, "deployment_circuit_breaker"), at=INNER, stack="gateway"),
)
