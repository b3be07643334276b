"""Nothing but target tracking changes the task count, and no schedule leaves the range of the spec."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.ecs import SCALING_POLICY
from policies.mutant import Mutant, add, both, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

SCHEDULE = "aws_appautoscaling_scheduled_action"
PLAN = "aws_autoscalingplans_scaling_plan"
RULE = Rule(
    id="scaling-without-steps",
    title="Scaling policy is target tracking, and scheduled actions stay within the range of the spec",
    severity=Severity.MEDIUM,
    clauses=("P.5.1", "P.5.4", "G.5.1", "G.5.2", "G.5.3"),
    pci_dss=(),
    rationale="Steps and schedules act beside target tracking and undo it: a schedule may set the range to zero.",
    remediation="Remove step, predictive and plan-made policies; keep a scheduled action's counts within the range.",
    source=Source(
        "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html",
        "2026-11-22",
    ),
    applies_to=(SCALING_POLICY, SCHEDULE, PLAN),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at policies of another type (absent means steps), at schedules that leave the range, and at plans."""
    for policy in graph.of_type(SCALING_POLICY):
        kind = policy.text("policy_type")
        if kind != "TargetTrackingScaling":
            yield finding(policy, "policy_type", kind, "TargetTrackingScaling")
    low, high = spec.get("scaling.min_tasks"), spec.get("scaling.max_tasks")
    for action in graph.of_type(SCHEDULE):
        for attribute in ("min_capacity", "max_capacity"):
            path = f"scalable_target_action.{attribute}"
            count = action.number(path)
            if count is not None and not low <= count <= high:
                yield finding(action, path, count, f"{low} to {high}")
    for plan in graph.of_type(PLAN):
        yield finding(plan, "", plan.text("name"), "no scaling plan, which makes policies of its own")


CPU = f"{SCALING_POLICY}.payment-api-cpu"
STEPS = {"adjustment_type": "ChangeInCapacity", "step_adjustment": [{"scaling_adjustment": -2}]}
NIGHT = {
    "name": "appautoscaling-scheduled-action-payment-api-production-pr42",
    "service_namespace": "ecs",
    "resource_id": "${aws_appautoscaling_target.payment-api.resource_id}",
    "scalable_dimension": "ecs:service:DesiredCount",
    "schedule": "cron(0 22 * * ? *)",
}
MUTANTS = (
    Mutant(
        "a step policy beside the others",
        both(
            duplicate(CPU, "steps"),
            put(f"{SCALING_POLICY}.steps", "policy_type", "StepScaling"),
            put(f"{SCALING_POLICY}.steps", "step_scaling_policy_configuration", [STEPS]),
        ),
        at=f"{SCALING_POLICY}.steps",
    ),
    Mutant(
        "nobody at night",
        add(f"{SCHEDULE}.night", {**NIGHT, "scalable_target_action": {"min_capacity": 0, "max_capacity": 3}}),
        at=f"{SCHEDULE}.night",
    ),
    Mutant(
        "fifty by day",
        add(f"{SCHEDULE}.day", {**NIGHT, "scalable_target_action": [{"max_capacity": "50"}]}),
        at=f"{SCHEDULE}.day",
    ),
    Mutant(
        "a scaling plan",
        add(f"{PLAN}.all", {"name": "autoscalingplans-scaling-plan-production-pr42"}),
        at=f"{PLAN}.all",
    ),
)
