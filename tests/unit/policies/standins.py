"""Small stacks and rules that stand for any, so that a test of the gate does not hang on the rules there are."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from policies.graph import Graph, Resource
from policies.registry import LoadedRule
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.cluster import container_insights
from policies.spec import Spec

TODAY = date(2026, 11, 22)
CLUSTER: dict[str, Any] = {
    "//": {"metadata": {"path": "payments-production-x/cluster"}},
    "name": "c",
    "setting": [{"name": "containerInsights", "value": "enabled"}],
}
STACK: dict[str, Any] = {
    "//": {"metadata": {"stackName": "payments-production-x"}},
    "resource": {"aws_ecs_cluster": {"c": CLUSTER}, "aws_x": {"a": {"size": 1}, "b": {"size": 2}}},
}


def rule(rule_id: str, **others: Any) -> Rule:
    """A rule about `aws_x` with this id."""
    data: dict[str, Any] = {
        "title": f"X obeys {rule_id}",
        "severity": Severity.HIGH,
        "clauses": ("P.1.1",),
        "pci_dss": ("1.2.5",),
        "rationale": "Because.",
        "remediation": "Set the size to 1.",
        "source": Source("https://example.com/x", "2026-11-22"),
        "applies_to": ("aws_x",),
    }
    return Rule(id=rule_id, **{**data, **others})


def size_is_one(resource: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """The check of the stand-in rule: a finding unless the size is 1."""
    if resource.number("size") != 1:
        yield finding(resource, "size", resource.number("size"), 1)


def each(rule_id: str, check_each: Any = size_is_one, **others: Any) -> LoadedRule:
    return LoadedRule(rule(rule_id, **others), (), "tests", check_each=check_each)


def whole(rule_id: str, check: Any, **others: Any) -> LoadedRule:
    return LoadedRule(rule(rule_id, **others), (), "tests", check=check)


INSIGHTS = LoadedRule(container_insights.RULE, (), "tests", check_each=container_insights.check_each)
