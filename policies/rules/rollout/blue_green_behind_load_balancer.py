"""Only a load balancer keeps two versions apart: no service that is found by name is replaced blue/green."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SERVICE, deployment_strategy_of, is_rolling
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="blue-green-behind-load-balancer",
    title="ECS service that is replaced blue/green is reached through a load balancer, and not by name",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="Cloud Map answers with the tasks of both versions as soon as they run: callers test the new one, and "
    "nothing takes them back.",
    remediation="Give such a service a load_balancer with an advanced_configuration and no service_registries; let "
    "services behind Cloud Map go task by task.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html",
        "2026-11-26",
    ),
    applies_to=(SERVICE,),
    baseline=True,
)


def check_each(service: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a service without a load balancer, and for one that has a name beside it."""
    if is_rolling(service):
        return
    strategy = deployment_strategy_of(service)
    if not any(block.has("target_group_arn") for block in service.blocks("load_balancer")):
        yield finding(service, "load_balancer", service.get("load_balancer"), f"a target group with {strategy}")
    if service.has("service_registries"):
        yield finding(service, "service_registries", service.get("service_registries"), f"no name with {strategy}")


DETACHED = (
    *("deployment-alarms", "grace-period", "listener-rule-paths", "load-balancer-attachment", "reachability"),
    *("role-trust", "target-group-members"),
)
API, INNER = f"{SERVICE}.api-gateway", f"{SERVICE}.payment-processor"
REGISTRY = {"registry_arn": "${aws_service_discovery_service.payment-processor.arn}"}
MUTANTS = (
    Mutant(
        "by name only",
        put(INNER, "deployment_configuration", {"strategy": "BLUE_GREEN"}),
        at=INNER,
        also=("no-breaker-with-blue-green", "strategy-per-service"),
        stack="gateway",
    ),
    Mutant(
        "by name as well",
        put(API, "service_registries", [REGISTRY]),
        at=API,
        also=("callees-registered",),
        stack="gateway",
    ),
    Mutant(
        "no load balancer any more",
        drop(API, "load_balancer"),
        at=API,
        also=(*DETACHED, "ignored-changes"),
        stack="gateway",
    ),
)
