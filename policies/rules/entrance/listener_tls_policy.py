"""Listeners state a TLS policy that the spec lists."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LISTENERS
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="listener-tls-policy",
    title="Load balancer listener accepts TLS 1.2 and newer only",
    severity=Severity.HIGH,
    clauses=("P.4.1", "G.6.1"),
    pci_dss=("4.2.1",),
    rationale="The policy that AWS takes when none is named accepts TLS 1.0, which PCI DSS has not allowed since 2018.",
    remediation="Set ssl_policy to one of the policies that the spec lists.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html", "2026-11-22"
    ),
    applies_to=LISTENERS,
    baseline=True,
)

MODERN = re.compile(r"ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-[A-Za-z0-9-]+")


def check_each(listener: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per listener with TLS whose policy is not stated, or not allowed."""
    if listener.text("protocol") not in ("HTTPS", "TLS"):
        return
    policy = listener.text("ssl_policy")
    if spec.states("load_balancer.tls_policies"):
        allowed = spec.get("load_balancer.tls_policies")
        if policy not in allowed:
            yield finding(listener, "ssl_policy", policy, allowed)
    elif not MODERN.fullmatch(policy or ""):
        yield finding(listener, "ssl_policy", policy, "a policy of TLS 1.2 or newer")


HTTPS = "aws_lb_listener.https"
MUTANTS = (
    Mutant("left to the default", drop(HTTPS, "ssl_policy"), at=HTTPS),
    Mutant("the default by name", put(HTTPS, "ssl_policy", "ELBSecurityPolicy-2016-08"), at=HTTPS),
    Mutant("TLS 1.3, and 1.0 too", put(HTTPS, "ssl_policy", "ELBSecurityPolicy-TLS13-1-0-2021-06"), at=HTTPS),
    Mutant("TLS 1.2 with old ciphers", put(HTTPS, "ssl_policy", "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06"), at=HTTPS),
)
