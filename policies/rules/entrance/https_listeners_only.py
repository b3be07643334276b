"""Every listener speaks HTTPS, on the port of the spec; there is no other, not even to redirect."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LISTENERS
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="https-listeners-only",
    title="Load balancer listener speaks HTTPS and nothing else",
    severity=Severity.CRITICAL,
    clauses=("P.4.1", "G.6.1"),
    pci_dss=("4.2.1", "2.2.5", "1.2.5"),
    rationale="A client that starts with plain HTTP has sent its card data before a redirect can answer.",
    remediation="Set protocol to HTTPS and the port to that of the spec, and remove every other listener.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html", "2026-11-22"
    ),
    applies_to=(*LISTENERS, "aws_elb"),
    baseline=True,
)


def check_each(listener: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for protocol and port; one that is not stated is HTTP. A classic load balancer is none of ours."""
    if listener.type == "aws_elb":
        yield finding(listener, "listener", "a Classic Load Balancer", "an Application Load Balancer")
        return
    protocol = listener.text("protocol")
    if protocol != "HTTPS":
        yield finding(listener, "protocol", protocol, "HTTPS")
    if spec.states("load_balancer.port") and listener.number("port") != spec.get("load_balancer.port"):
        yield finding(listener, "port", listener.number("port"), spec.get("load_balancer.port"))


HTTPS, REDIRECT = "aws_lb_listener.https", "aws_lb_listener.redirect"
BODY = {
    "load_balancer_arn": "${aws_lb.public.arn}",
    "port": 80,
    "protocol": "HTTP",
    "default_action": [{"type": "redirect", "redirect": {"protocol": "HTTPS", "status_code": "HTTP_301"}}],
    "tags": {"Name": "listener-redirect-production-pr42"},
}
MUTANTS = (
    Mutant("redirect from HTTP", add(REDIRECT, BODY), at=REDIRECT, also=("default-answer", "listener-rule-paths")),
    Mutant(
        "redirect under the type's other name",
        add("aws_alb_listener.redirect", BODY),
        at="aws_alb_listener.redirect",
        also=("default-answer", "listener-rule-paths", "name-pattern"),
    ),
    Mutant("protocol left to the default", drop(HTTPS, "protocol"), at=HTTPS),
    Mutant("TLS", put(HTTPS, "protocol", "TLS"), at=HTTPS),
    Mutant("another port", put(HTTPS, "port", 8443), at=HTTPS, also=("reachability",)),
    Mutant(
        "classic load balancer",
        add(
            "aws_elb.added",
            {
                "name": "elb-added-production-pr42",
                "subnets": ["${aws_subnet.public-us-east-1a.id}"],
                "listener": [
                    {"lb_port": 80, "lb_protocol": "http", "instance_port": 8080, "instance_protocol": "http"}
                ],
            },
        ),
        at="aws_elb.added",
        also=("one-door",),
    ),
)
