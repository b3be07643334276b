"""A plan for a terminal: plain lines, nothing cut. Pure."""

from collections.abc import Iterator

from delivery.changes.identity import PermissionChange
from delivery.changes.report import PlanReport, words_of, words_of_change
from delivery.changes.summary import UNEXPLAINED, Action, Change, Summary
from delivery.reporting.plain import plain

SIGNS = {
    Action.DESTROYED: "-",
    Action.REPLACED: "±",
    Action.FORGOTTEN: "?",
    Action.CHANGED: "~",
    Action.MOVED: ">",
    Action.IMPORTED: "<",
    Action.ADDED: "+",
}


def counted(summary: Summary) -> str:
    """`2 replaced, 5 changed, 23 added`, and how many outputs."""
    parts = [f"{number} {action}" for action, number in summary.counts.items()]
    if summary.outputs:
        parts.append(f"{len(summary.outputs)} output{'s' if len(summary.outputs) > 1 else ''} changed")
    return ", ".join(parts)


def plan_text(report: PlanReport) -> str:
    """Every line of it ready to print."""
    return "\n".join(plain(line) for line in _lines(report)) + "\n"


def _lines(report: PlanReport) -> Iterator[str]:
    yield f"plan of {report.stack}: gate {'passed' if report.passed else 'FAILED'} ({report.verdict})"
    yield "no changes: what is deployed is what is asked for" if report.is_empty else counted(report.summary)
    if report.summary.partial:
        yield "limited to some resources (-target): it says nothing of the others"
    for change in (*report.summary.changes, *report.summary.outputs):
        yield from _change(change)
    yield from _titled("permissions", report.problem, (line for role in report.permissions for line in _role(role)))
    yield from _titled("who can reach whom", report.reachability.problem, _paths(report))


def _titled(title: str, problem: str, lines: Iterator[str]) -> Iterator[str]:
    if problem:
        yield from ("", f"{title}: cannot be told: {problem}")
        return
    found = list(lines)
    if found:
        yield from ("", f"{title}:", *(f"  {line}" for line in found))


def _change(change: Change) -> Iterator[str]:
    yield f"  {SIGNS[change.action]} {change.address}" + (
        f" (moved from {change.moved_from})" if change.moved_from else ""
    )
    if change.imported_id:
        yield f"      imported by the id {change.imported_id}"
    if change.forced_by:
        yield f"      replaced because of {', '.join(change.forced_by)}"
    if change.is_unexplained:
        yield f"      {UNEXPLAINED}"
    yield from (f"      {difference}" for difference in change.differences)


def _role(role: PermissionChange) -> Iterator[str]:
    yield f"{role.address} ({role.what})" + (f": cannot be told: {role.problem}" if role.problem else "")
    for sign, statements in (("+", role.gained), ("-", role.lost)):
        for each in statements:
            said = " ".join(f"{word} {', '.join(items)}" for word, items in words_of(each))
            yield f"  {sign} {each.part}: {said}"
    for before, after in role.changed:
        clauses = (f"{word} {', '.join([*kept, *moved])}" for word, kept, moved in words_of_change(before, after))
        yield f"  ~ {after.part}: {' '.join(clauses)}"


def _paths(report: PlanReport) -> Iterator[str]:
    for sign, paths in (("+", report.reachability.opened), ("-", report.reachability.closed)):
        for path in paths:
            far = f" at {path.addresses}" if path.addresses else ""
            yield f"{sign} {path.source} -> {path.target}: {path.traffic}{far} ({path.via})"
