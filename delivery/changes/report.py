"""What is said of a plan, in one record, and as JSON. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from delivery.changes.graphs import before_and_after, checked
from delivery.changes.identity import PermissionChange, identity_changes
from delivery.changes.reachability import Reachability, reachability_changes
from delivery.changes.statements import Statement
from delivery.changes.summary import Action, Change, Summary, summarize
from delivery.terraform.values import Marker
from policies.graph import ReadError
from policies.graph.ranges import Ranges


@dataclass(frozen=True)
class PlanReport:
    """passed and verdict: what the gate said of the plan, in a word and in a few (`143 rules, 120 resources`).

    problem: why permissions cannot be told, if so; then `permissions` is empty
    """

    stack: str
    passed: bool
    verdict: str
    summary: Summary
    permissions: tuple[PermissionChange, ...]
    reachability: Reachability
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return self.summary.is_empty


def describe_plan(
    shown: Any, stack: str, *, passed: bool, verdict: str, known: Mapping[str, Ranges] | None = None
) -> PlanReport:
    """Of `terraform show -json PLAN`. UserError where it is no plan.

    known: names of address ranges inside the VPC, such as `the databases`
    """
    summary = summarize(checked(shown))
    try:
        before, after = before_and_after(shown)
    except ReadError as failure:
        told = str(failure)
        return PlanReport(stack, passed, verdict, summary, (), Reachability(problem=told), told)
    roles, reachability = identity_changes(before, after), reachability_changes(before, after, known)
    return PlanReport(stack, passed, verdict, summary, roles, reachability)


def as_json(report: PlanReport) -> dict[str, Any]:
    """For machines: every list whole, nothing cut. `changes` and `outputs` hold the differences as objects."""
    summary = report.summary
    return {
        "stack": report.stack,
        "gate": {"passed": report.passed, "verdict": report.verdict},
        "empty": report.is_empty,
        "partial": summary.partial,
        "counts": {action.value: len(summary.of(action)) for action in Action},
        "changes": [_change(change) for change in summary.changes],
        "outputs": [_change(change) for change in summary.outputs],
        "permissions": {"problem": report.problem, "changes": [_permission(each) for each in report.permissions]},
        "reachability": asdict(report.reachability),
    }


def words_of(statement: Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`Allow` actions, `on` resources, `by` principals, `if` conditions: those that there are."""
    clauses = (
        (statement.effect, statement.actions),
        ("on", statement.resources),
        ("by", statement.principals),
        ("if", statement.conditions),
    )
    return ((word, items) for word, items in clauses if items)


def words_of_change(before: Statement, after: Statement) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(word, what of it stays, what is new or gone with its sign) of a statement that was changed."""
    clauses = (
        (after.effect, before.actions, after.actions),
        ("on", before.resources, after.resources),
        ("by", before.principals, after.principals),
        ("if", before.conditions, after.conditions),
    )
    for word, old, new in clauses:
        kept = tuple(item for item in new if item in old)
        come, gone = (f"+ {item}" for item in new if item not in old), (f"- {item}" for item in old if item not in new)
        if old or new:
            yield word, kept, (*come, *gone)


def _change(change: Change) -> dict[str, Any]:
    found = asdict(change)
    found["differences"] = [
        {"path": each.path, "before": _value(each.before), "after": _value(each.after)} for each in change.differences
    ]
    return found


def _value(value: Any) -> Any:
    """Markers, also those inside of lists, as their texts."""
    if isinstance(value, list):
        return [_value(item) for item in value]
    return value.value if isinstance(value, Marker) else value


def _permission(role: PermissionChange) -> dict[str, Any]:
    found = asdict(role)
    found["changed"] = [{"before": asdict(before), "after": asdict(after)} for before, after in role.changed]
    return found
