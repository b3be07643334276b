"""The load balancer asks the port it sends traffic to, and believes only an answer that means success."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import TARGET_GROUPS
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="target-group-health-check",
    title="Target group checks a stated path on the port of its traffic and accepts success only",
    severity=Severity.MEDIUM,
    clauses=("P.4.4", "G.6.1", "G.6.2"),
    pci_dss=(),
    rationale="A check on another port, or one content with errors, keeps sending payments to a task that is down.",
    remediation="State path, protocol HTTP and a matcher within 200-299, and leave the port at traffic-port.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
        "2026-11-22",
    ),
    applies_to=TARGET_GROUPS,
    baseline=True,
)

SUCCESS = re.compile(r"2\d\d([-,]2\d\d)*")


def check_each(group: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per setting of the check; what is not stated is AWS's default, which suits no service in particular."""
    check = group.block("health_check")
    if check is None:
        yield finding(group, "health_check", None, "a health check")
        return
    if not check.boolean("enabled", True):
        yield finding(check, "enabled", False, True)
    if (protocol := check.text("protocol", "HTTP")) != group.text("protocol"):
        yield finding(check, "protocol", protocol, group.text("protocol"))
    if (port := check.text("port", "traffic-port")) not in ("traffic-port", group.text("port")):
        yield finding(check, "port", port, "traffic-port")
    if not (check.text("path") or "").startswith("/"):
        yield finding(check, "path", check.text("path"), "a path")
    if not SUCCESS.fullmatch(check.text("matcher", "200") or ""):
        yield finding(check, "matcher", check.text("matcher"), "codes from 200 to 299")


GROUP = "aws_lb_target_group.payment-api"
MUTANTS = (
    Mutant("no check", drop(GROUP, "health_check"), at=GROUP),
    Mutant("switched off", put(GROUP, "health_check.enabled", False), at=GROUP),
    Mutant("another port", put(GROUP, "health_check.port", "9000"), at=GROUP),
    Mutant("no path", drop(GROUP, "health_check.path"), at=GROUP),
    Mutant("content with errors", put(GROUP, "health_check.matcher", "200-499"), at=GROUP),
    Mutant("whether something listens", put(GROUP, "health_check.protocol", "TCP"), at=GROUP),
)
