"""Each service tracks its CPU and its memory, each once, at the targets of the spec."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SCALING_POLICY, SERVICE, scaling_orphans, scaling_policies_of
from policies.mutant import Mutant, both, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

TRACKING = "TargetTrackingScaling"
METRICS = {
    "ECSServiceAverageCPUUtilization": "scaling.cpu_target_percent",
    "ECSServiceAverageMemoryUtilization": "scaling.memory_target_percent",
}
RULE = Rule(
    id="scaling-tracks-load",
    title="ECS service has one target-tracking policy for CPU and one for memory, at the targets of the spec",
    severity=Severity.HIGH,
    clauses=("P.5.1", "P.5.2", "P.5.3", "G.5.2", "G.5.3"),
    pci_dss=(),
    rationale="Without one of the two, tasks run out of what nobody watches; two policies on one metric pull apart.",
    remediation="Give each service two aws_appautoscaling_policy of type TargetTrackingScaling, one per metric.",
    source=Source(
        "https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html",
        "2026-11-22",
    ),
    applies_to=(SCALING_POLICY, SERVICE),
)

CONFIGURATION = "target_tracking_scaling_policy_configuration"
METRIC = f"{CONFIGURATION}.predefined_metric_specification.predefined_metric_type"
TARGET, NO_SCALE_IN = f"{CONFIGURATION}.target_value", f"{CONFIGURATION}.disable_scale_in"


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at services that lack a policy or have one too many, and at policies that are wrong in themselves."""
    for service in graph.of_type(SERVICE):
        # StepScaling is the provider's default, so a policy without a type tracks nothing.
        tracking = [item for item in scaling_policies_of(service, graph) if item.text("policy_type") == TRACKING]
        for metric, target in METRICS.items():
            found = [item for item in tracking if item.text(METRIC) == metric]
            if len(found) != 1:
                yield finding(service, "", [item.address for item in found] or None, f"one policy for {metric}")
            for policy in found:
                yield from _tracks(policy, spec.get(target))
        for policy in tracking:
            if policy.text(METRIC) not in METRICS:
                yield finding(policy, METRIC, policy.text(METRIC), tuple(METRICS))
    for policy in scaling_orphans(graph, SCALING_POLICY):
        yield finding(policy, "resource_id", policy.text("resource_id"), "a service of this stack")


def _tracks(policy: Resource, target: int) -> Iterator[Finding]:
    if policy.number(TARGET) != target:
        yield finding(policy, TARGET, policy.number(TARGET), target)
    if policy.boolean(NO_SCALE_IN, False):
        yield finding(policy, NO_SCALE_IN, True, False, "Scales out and never in again")


API, CPU, MEMORY = (
    "aws_ecs_service.payment-api",
    f"{SCALING_POLICY}.payment-api-cpu",
    f"{SCALING_POLICY}.payment-api-memory",
)
CUSTOM = {
    "target_value": 10,
    "customized_metric_specification": [{"metric_name": "CPUUtilization", "namespace": "AWS/ECS"}],
}
MUTANTS = (
    Mutant("CPU at 90 %", put(CPU, TARGET, 90), at=CPU),
    Mutant("memory at the CPU target", put(MEMORY, TARGET, "70"), at=MEMORY),
    Mutant("never scales in", put(CPU, NO_SCALE_IN, True), at=CPU),
    Mutant("CPU twice, memory never", put(MEMORY, METRIC, "ECSServiceAverageCPUUtilization"), at=API),
    Mutant("no memory policy", drop(MEMORY), at=API),
    Mutant("type left to the default", drop(CPU, "policy_type"), at=API, also=("scaling-without-steps",)),
    Mutant("a second CPU policy", duplicate(CPU, "second"), at=API),
    Mutant(
        "a policy for another service",
        put(MEMORY, "resource_id", "${aws_appautoscaling_target.fraud-detection.resource_id}"),
        at=API,
    ),
    Mutant("a policy for a cluster that is not here", put(MEMORY, "resource_id", "service/old/api"), at=MEMORY),
    Mutant(
        "a third policy that pulls elsewhere",
        both(duplicate(CPU, "third"), put(f"{SCALING_POLICY}.third", CONFIGURATION, CUSTOM)),
        at=f"{SCALING_POLICY}.third",
        also=("scaling-cooldowns",),
    ),
)
