"""The load balancer does not forward requests that two servers could read differently."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LOAD_BALANCERS
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="load-balancer-desync",
    title="Load balancer mitigates HTTP desync attacks instead of watching them",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("6.2.4",),
    rationale="In mode monitor ambiguous requests pass, and with them smuggled ones.",
    remediation="Set desync_mitigation_mode to defensive, which is the default, or to strictest.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
        "2026-11-22",
    ),
    applies_to=(*LOAD_BALANCERS, "aws_elb"),
    baseline=True,
)

SAFE = ("defensive", "strictest")


def check_each(balancer: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per load balancer in another mode."""
    mode = balancer.text("desync_mitigation_mode", SAFE[0])
    if mode not in SAFE:
        yield finding(balancer, "desync_mitigation_mode", mode, SAFE)


ALB = "aws_lb.public"
MUTANTS = (
    Mutant("watched only", put(ALB, "desync_mitigation_mode", "monitor"), at=ALB),
    Mutant("a mode that does not exist", put(ALB, "desync_mitigation_mode", "off"), at=ALB),
)
