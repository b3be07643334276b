"""The load balancer drops headers that no honest client sends."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LOAD_BALANCERS
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="load-balancer-headers",
    title="Load balancer drops invalid header fields and tells services the client's address",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("6.2.4",),
    rationale="Malformed headers smuggle requests past checks; a header that is passed on as sent lets clients lie.",
    remediation="Set drop_invalid_header_fields to true and leave xff_header_processing_mode at append.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
        "2026-11-22",
    ),
    applies_to=LOAD_BALANCERS,
    baseline=True,
)


def check_each(balancer: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per setting; only Application Load Balancers read headers."""
    if balancer.text("load_balancer_type", "application") != "application":
        return
    if not balancer.boolean("drop_invalid_header_fields", False):
        yield finding(balancer, "drop_invalid_header_fields", balancer.get("drop_invalid_header_fields"), True)
    if (mode := balancer.text("xff_header_processing_mode", "append")) != "append":
        yield finding(balancer, "xff_header_processing_mode", mode, "append")


ALB = "aws_lb.public"
MUTANTS = (
    Mutant("kept", put(ALB, "drop_invalid_header_fields", False), at=ALB),
    Mutant("left to the default", drop(ALB, "drop_invalid_header_fields"), at=ALB),
    Mutant("clients may say who they are", put(ALB, "xff_header_processing_mode", "preserve"), at=ALB),
)
