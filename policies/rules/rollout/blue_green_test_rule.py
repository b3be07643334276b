"""Whoever sends the header of a test reaches the new version before customers do."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SERVICE
from policies.graph.load_balancing import LISTENER_RULES
from policies.graph.traffic_shift import PRODUCTION_RULE, TEST_RULE, shifts
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.rollout._forwarding import forwards_to_both
from policies.spec import Spec

RULE = Rule(
    id="blue-green-test-rule",
    title="Test listener rule is tried before the production rule and forwards to the same two target groups",
    severity=Severity.MEDIUM,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="A test rule behind the production rule is never reached: what it seems to prove was the old version.",
    remediation="Name a second rule of the same listener as test_listener_rule, with a lower priority number and a "
    "condition on a header.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html", "2026-11-26"
    ),
    applies_to=(SERVICE, *LISTENER_RULES),
    baseline=True,
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at services without a test rule of their own, and at the rule."""
    for shift in shifts(graph):
        rule, live, groups = shift.rule(TEST_RULE, graph), shift.rule(PRODUCTION_RULE, graph), shift.groups(graph)
        if rule is None or (live and rule.address == live.address):
            found = rule and f"{rule.address}, which is the production rule"
            yield finding(shift.place, TEST_RULE, found, "a listener rule for tests")
            continue
        if len({group.address for group in groups}) == 2:
            yield from forwards_to_both(rule, groups, graph)
        if live:
            yield from _comes_first(rule, live, graph)


def _comes_first(rule: Resource, live: Resource, graph: Graph) -> Iterator[Finding]:
    """Rules of one listener are tried from the lowest number up."""
    listeners = [graph.targets_of(item, "listener_arn") for item in (rule, live)]
    if listeners[0] != listeners[1]:
        found = ", ".join(item.address for item in listeners[0])
        yield finding(rule, "listener_arn", found, f"the listener of {live.address}")
    number, limit = rule.number("priority"), live.number("priority")
    if number is None or limit is None or number >= limit:
        yield finding(rule, "priority", number, f"less than {limit}, the priority of {live.address}")


API, LIVE, TEST = f"{SERVICE}.api-gateway", "aws_lb_listener_rule.api-gateway", "aws_lb_listener_rule.api-gateway-test"
BLUE = {"arn": "${aws_lb_target_group.api-gateway.arn}", "weight": 1}
MUTANTS = (
    Mutant(
        "no rule",
        drop(API, f"load_balancer[0].{TEST_RULE}"),
        at=API,
        also=("ignored-changes", "infrastructure-role", "listener-rule-paths"),
        stack="gateway",
    ),
    Mutant(
        "the production rule",
        put(API, f"load_balancer[0].{TEST_RULE}", f"${{{LIVE}.arn}}"),
        at=API,
        also=("ignored-changes", "infrastructure-role", "listener-rule-paths"),
        stack="gateway",
    ),
    Mutant("tried last", put(TEST, "priority", "30"), at=TEST, stack="gateway"),
    Mutant("priority left to AWS", drop(TEST, "priority"), at=TEST, stack="gateway"),
    Mutant("the other one moved up", put(LIVE, "priority", 5), at=TEST, stack="gateway"),
    Mutant("tests of the old version", put(TEST, "action[0].forward.target_group", [BLUE]), at=TEST, stack="gateway"),
    Mutant(
        "tests that stick", put(TEST, "action[0].forward.stickiness", [{"enabled": "true"}]), at=TEST, stack="gateway"
    ),
)
