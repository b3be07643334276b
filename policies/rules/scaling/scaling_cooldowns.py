"""Services scale out sooner than in, and neither at once nor never."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SCALING_POLICY
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="scaling-cooldowns",
    title="Scaling policy states cooldowns that let a service scale out sooner than in",
    severity=Severity.LOW,
    clauses=(),
    pci_dss=(),
    rationale="The default of 300 seconds out is too slow for a peak of payments; none in makes the count flap.",
    remediation="Set scale_out_cooldown to 30 to 300 seconds, and scale_in_cooldown to no less and at most 900.",
    source=Source(
        "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
        "API_TargetTrackingScalingPolicyConfiguration.html",
        "2026-11-22",
    ),
    applies_to=(SCALING_POLICY,),
)

CONFIGURATION = "target_tracking_scaling_policy_configuration"
OUT, IN = f"{CONFIGURATION}.scale_out_cooldown", f"{CONFIGURATION}.scale_in_cooldown"
OUT_SECONDS, LONGEST_IN_SECONDS = (30, 300), 900


def check_each(policy: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per cooldown that is absent or out of bounds; other kinds of policy are another rule's matter."""
    if not policy.has(CONFIGURATION):
        return
    out_seconds, in_seconds = policy.number(OUT), policy.number(IN)
    shortest, longest = OUT_SECONDS
    if out_seconds is None or not shortest <= out_seconds <= longest:
        yield finding(policy, OUT, out_seconds, f"{shortest} to {longest} seconds")
    if in_seconds is None or not (out_seconds or shortest) <= in_seconds <= LONGEST_IN_SECONDS:
        yield finding(policy, IN, in_seconds, f"{out_seconds or shortest} to {LONGEST_IN_SECONDS} seconds")


CPU = f"{SCALING_POLICY}.payment-api-cpu"
MUTANTS = (
    Mutant("in sooner than out", both(put(CPU, OUT, 300), put(CPU, IN, 60)), at=CPU),
    Mutant("out left to its default", drop(CPU, OUT), at=CPU),
    Mutant("in at once", put(CPU, IN, 0), at=CPU),
    Mutant("in after an hour", put(CPU, IN, "3600"), at=CPU),
)
