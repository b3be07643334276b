"""Load balancers write access logs, to a bucket."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LOAD_BALANCERS
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="access-logs",
    title="Load balancer writes access logs to a bucket",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("10.2.1", "10.2.2"),
    rationale="The access log is the only record of who asked for what, from which address, with which TLS version.",
    remediation="Give the load balancer an access_logs block with a bucket and enabled = true.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
        "2026-11-22",
    ),
    applies_to=LOAD_BALANCERS,
    baseline=True,
)


def check_each(balancer: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per load balancer without logs; a block that does not say enabled is off."""
    logs = balancer.block("access_logs")
    if logs is None:
        yield finding(balancer, "access_logs", None, "access logs")
    elif not logs.boolean("enabled", False):
        yield finding(logs, "enabled", logs.get("enabled"), True)
    elif not logs.has("bucket"):
        yield finding(logs, "bucket", None, "a bucket")


ALB = "aws_lb.public"
MUTANTS = (
    Mutant("no logs", drop(ALB, "access_logs"), at=ALB),
    Mutant("switched off", put(ALB, "access_logs.enabled", False), at=ALB),
    Mutant("left to the default", drop(ALB, "access_logs.enabled"), at=ALB),
)
