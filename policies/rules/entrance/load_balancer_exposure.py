"""There is one load balancer, an application one, on the internet because the spec says that its service is public."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LOAD_BALANCERS, is_public
from policies.mutant import Mutant, add, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="load-balancer-exposure",
    title="Load balancer is the only one, is of type application, and is public if a service of the spec is",
    severity=Severity.CRITICAL,
    clauses=("P.3.4", "P.8.3", "G.1.4", "G.4.3", "G.6.1"),
    pci_dss=("1.3.1", "1.4.1", "1.4.4"),
    rationale="A second load balancer, or one that passes TCP through, is an entrance that nobody watches.",
    remediation="Keep one aws_lb of type application; set internal to false only where the spec has a public service.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
        "2026-11-22",
    ),
    applies_to=LOAD_BALANCERS,
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per load balancer: beyond the first, of another type, or with the wrong face."""
    public = any(service["public"] for service in spec.get("services").values())
    for index, balancer in enumerate(_in_order(graph)):
        if index:
            yield finding(balancer, "", "another load balancer", "one load balancer")
        if (kind := balancer.text("load_balancer_type", "application")) != "application":
            yield finding(balancer, "load_balancer_type", kind, "application")
        if is_public(balancer) != public:
            yield finding(balancer, "internal", not is_public(balancer), not public)


def _in_order(graph: Graph) -> tuple[Resource, ...]:
    """Those with a listener first, so that the finding is at the one that came in addition."""
    used = {item.address for item in graph.of_type(*LOAD_BALANCERS) if _has_listener(item, graph)}
    return tuple(sorted(graph.of_type(*LOAD_BALANCERS), key=lambda item: item.address not in used))


def _has_listener(balancer: Resource, graph: Graph) -> bool:
    return any(graph.referrers(balancer, kind, "load_balancer_arn") for kind in ("aws_lb_listener", "aws_alb_listener"))


ALB, SECOND = "aws_lb.public", "aws_lb.second"
MUTANTS = (
    Mutant(
        "network load balancer",
        put(ALB, "load_balancer_type", "network"),
        at=ALB,
        also=("load-balancer-attachment", "open-to-the-world"),
    ),
    Mutant("internal", put(ALB, "internal", True), at=ALB, also=("open-to-the-world", "reachability")),
    Mutant("second one", duplicate(ALB, "second"), at=SECOND, also=("reachability", "security-group-rules")),
    Mutant(
        "second one, internal, under the type's other name",
        add(
            "aws_alb.second",
            {
                "name": "alb-second-production-pr42",
                "internal": True,
                "subnets": [f"${{aws_subnet.private-us-east-1{zone}.id}}" for zone in "abc"],
                "security_groups": ["${aws_security_group.alb.id}"],
                "drop_invalid_header_fields": True,
                "access_logs": {"bucket": "${aws_s3_bucket.access-logs.bucket}", "enabled": True},
            },
        ),
        at="aws_alb.second",
        also=("reachability", "security-group-rules"),
    ),
)
