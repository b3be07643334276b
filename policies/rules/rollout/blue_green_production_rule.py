"""Customers' requests go to the first of two target groups until ECS moves them."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import SERVICE
from policies.graph.load_balancing import LISTENER_RULES
from policies.graph.traffic_shift import PRODUCTION_RULE, shifts
from policies.mutant import Mutant, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.rollout._forwarding import TARGETS, forwards_to_both, weights_of
from policies.spec import Spec

RULE = Rule(
    id="blue-green-production-rule",
    title="Production listener rule forwards to both target groups of its service, at first to the first alone",
    severity=Severity.HIGH,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="A weight on the group that holds no tasks yet answers customers with errors; a session that sticks to "
    "a group stays with the version that was rolled back.",
    remediation="Forward to both groups, with the weights 1 and 0 and without stickiness.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html", "2026-11-26"
    ),
    applies_to=(SERVICE, *LISTENER_RULES),
    baseline=True,
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at services without such a rule, and at the rule. Weights of a running stack are where ECS left them."""
    for shift in shifts(graph):
        rule, groups = shift.rule(PRODUCTION_RULE, graph), shift.groups(graph)
        if rule is None:
            yield finding(shift.place, PRODUCTION_RULE, None, "the listener rule that customers' requests match")
        elif len({group.address for group in groups}) == 2:
            yield from forwards_to_both(rule, groups, graph)
            yield from _weights(rule, groups[0], graph)


def _weights(rule: Resource, first: Resource, graph: Graph) -> Iterator[Finding]:
    weights = weights_of(rule, graph)
    used = {address for address, weight in weights.items() if weight > 0}
    if not used or (graph.kind == "json" and used != {first.address}):
        yield finding(rule, f"action[0].{TARGETS}", weights, f"all weight on {first.address}")


API, LIVE = f"{SERVICE}.api-gateway", "aws_lb_listener_rule.api-gateway"
UNREACHED = ("load-balancer-attachment",)
FORWARD = "action[0].forward"
BLUE, GREEN = ({"arn": f"${{aws_lb_target_group.{name}.arn}}"} for name in ("api-gateway", "api-gateway-green"))
MUTANTS = (
    Mutant(
        "no rule",
        drop(API, f"load_balancer[0].{PRODUCTION_RULE}"),
        at=API,
        also=("ignored-changes", "infrastructure-role"),
        stack="gateway",
    ),
    Mutant("half to nobody", put(LIVE, f"{FORWARD}.target_group[1].weight", 1), at=LIVE, stack="gateway"),
    Mutant(
        "weights left to the default", put(LIVE, f"{FORWARD}.target_group", [BLUE, GREEN]), at=LIVE, stack="gateway"
    ),
    Mutant(
        "all to nobody",
        both(put(LIVE, f"{FORWARD}.target_group[0].weight", 0), put(LIVE, f"{FORWARD}.target_group[1].weight", "1")),
        at=LIVE,
        stack="gateway",
    ),
    Mutant("all to none", put(LIVE, f"{FORWARD}.target_group[0].weight", 0), at=LIVE, stack="gateway"),
    Mutant("one group only", put(LIVE, f"{FORWARD}.target_group", [BLUE]), at=LIVE, also=UNREACHED, stack="gateway"),
    Mutant(
        "in the short form",
        put(LIVE, "action", [{"type": "forward", "target_group_arn": BLUE["arn"]}]),
        at=LIVE,
        also=UNREACHED,
        stack="gateway",
    ),
    Mutant(
        "sessions that stick",
        put(LIVE, f"{FORWARD}.stickiness", {"enabled": True, "duration": 3600}),
        at=LIVE,
        stack="gateway",
    ),
)
