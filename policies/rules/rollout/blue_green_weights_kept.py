"""Applying the stack does not undo where ECS moved the requests."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.lifecycle import IGNORE_CHANGES, ignored_changes
from policies.graph.load_balancing import LISTENER_RULES
from policies.graph.traffic_shift import shifts
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="blue-green-weights-kept",
    title="Listener rule that ECS moves requests with leaves its action to ECS after creation",
    severity=Severity.CRITICAL,
    clauses=("G.9.6",),
    pci_dss=("6.5.1",),
    rationale="After every second rollout the tasks are in the alternate group: an apply that puts the weights back "
    "sends all customers to a group without tasks.",
    remediation='Add lifecycle { ignore_changes = ["action"] } to both listener rules.',
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html", "2026-11-26"
    ),
    applies_to=LISTENER_RULES,
    baseline=True,
)


def check_each(rule: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per rule. A plan or state says nothing of lifecycle unless its source lies beside it."""
    if graph.kind != "json" and "lifecycle" not in rule.values:
        return
    ignored = ignored_changes(rule)
    if not {"all", "action"} & set(ignored) and any(rule in shift.rules(graph) for shift in shifts(graph)):
        yield finding(rule, IGNORE_CHANGES, ignored or None, "action among them")


LIVE, TEST = "aws_lb_listener_rule.api-gateway", "aws_lb_listener_rule.api-gateway-test"
MUTANTS = (
    Mutant("no lifecycle", drop(LIVE, "lifecycle"), at=LIVE, stack="gateway"),
    Mutant("an empty list", put(TEST, IGNORE_CHANGES, []), at=TEST, stack="gateway"),
    Mutant("another lifecycle", put(LIVE, "lifecycle", [{"create_before_destroy": True}]), at=LIVE, stack="gateway"),
)
