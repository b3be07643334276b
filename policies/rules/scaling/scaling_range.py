"""Each service scales within the range of the spec."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SCALING_TARGET, SERVICE, TASK_COUNT, resource_id_of, scaling_orphans, scaling_targets_of
from policies.mutant import Mutant, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="scaling-range",
    title="ECS service has exactly one scaling target, with the smallest and largest task count of the spec",
    severity=Severity.HIGH,
    clauses=("P.5.1", "P.5.4", "G.5.1", "G.5.2", "G.5.3"),
    pci_dss=(),
    rationale="A target that names another cluster or service is accepted by AWS and scales nothing.",
    remediation="Register service/<cluster>/<service> with ecs:service:DesiredCount and the range of the spec.",
    source=Source(
        "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html", "2026-11-22"
    ),
    applies_to=(SCALING_TARGET, SERVICE),
)

SUSPENDED = ("dynamic_scaling_in_suspended", "dynamic_scaling_out_suspended", "scheduled_scaling_suspended")


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at services without exactly one target, at targets of no service, and at targets with another range."""
    for service in graph.of_type(SERVICE):
        targets = scaling_targets_of(service, graph)
        if len(targets) != 1:
            found = [target.address for target in targets] or None
            yield finding(service, "", found, f"one {SCALING_TARGET} for {resource_id_of(service, graph)}")
    for target in scaling_orphans(graph, SCALING_TARGET):
        yield finding(target, "resource_id", target.text("resource_id"), "a service of this stack")
    for target in graph.of_type(SCALING_TARGET):
        yield from _range(target, spec)


def _range(target: Resource, spec: Spec) -> Iterator[Finding]:
    for attribute, expected in (("min_capacity", "min_tasks"), ("max_capacity", "max_tasks")):
        number = target.number(attribute)
        if number != spec.get(f"scaling.{expected}"):
            yield finding(target, attribute, number, spec.get(f"scaling.{expected}"))
    for attribute, text in (("service_namespace", "ecs"), ("scalable_dimension", TASK_COUNT)):
        if target.text(attribute) != text:
            yield finding(target, attribute, target.text(attribute), text)
    for switch in SUSPENDED:
        if target.boolean(f"suspended_state.{switch}", False):
            yield finding(target, f"suspended_state.{switch}", True, False)


API, SCALED = f"{SCALING_TARGET}.payment-api", "aws_ecs_service.payment-api"
UNTRACKED = ("scaling-tracks-load",)
MUTANTS = (
    Mutant("down to one task", put(API, "min_capacity", 1), at=API),
    Mutant("up to fifty tasks, as text", put(API, "max_capacity", "50"), at=API),
    Mutant("no room to scale", put(API, "max_capacity", 3), at=API),
    Mutant(
        "another cluster",
        put(API, "resource_id", "service/default/ecs-service-payment-api-production-pr42"),
        at=API,
        also=UNTRACKED,
    ),
    Mutant(
        "another service",
        put(API, "resource_id", "service/ecs-cluster-production-pr42/payment-api"),
        at=SCALED,
        also=UNTRACKED,
    ),
    Mutant("a second target of one service", duplicate(API, "second"), at=SCALED),
    Mutant("scaling out suspended", put(API, "suspended_state", [{"dynamic_scaling_out_suspended": True}]), at=API),
    Mutant("another dimension", put(API, "scalable_dimension", "ecs:service:Tasks"), at=API),
    Mutant("no largest count", drop(API, "max_capacity"), at=API),
)
