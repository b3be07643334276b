"""A plan as a comment on a pull request. Pure."""

from collections.abc import Iterator

from delivery.changes.identity import PermissionChange
from delivery.changes.reachability import PathChange
from delivery.changes.report import PlanReport, words_of, words_of_change
from delivery.changes.statements import Statement
from delivery.changes.summary import UNEXPLAINED, Action, Change
from delivery.changes.text import counted
from delivery.reporting.markdown import LIMIT_CHARACTERS, Table, code, codes, marker, page
from delivery.terraform.differences import Difference
from delivery.terraform.values import Marker, shown

MOST_DIFFERENCES = 8
_BREAK = "<br>"


def plan_markdown(report: PlanReport, limit: int = LIMIT_CHARACTERS) -> str:
    """At most `limit` characters; what does not fit is left out by whole rows and counted."""
    return page(list(_opening(report)), _tables(report), limit)


def _opening(report: PlanReport) -> Iterator[str]:
    yield marker("plan", report.stack)
    yield f"## Plan of {code(report.stack)}"
    yield f"{'✅ **Gate passed**' if report.passed else '❌ **Gate failed**'}: {code(report.verdict)}"
    yield (
        "**No changes.** What is deployed is what is asked for."
        if report.is_empty
        else f"**{counted(report.summary)}**"
    )
    if report.summary.partial:
        yield "⚠️ The plan was limited to some resources (`-target`): it says nothing of the others."
    if report.problem:
        yield f"⚠️ **What is permitted cannot be told:** {code(report.problem)}"
    if report.reachability.problem:
        yield f"⚠️ **Who can reach whom cannot be told:** {code(report.reachability.problem)}"


def _tables(report: PlanReport) -> Iterator[Table]:
    changes = report.summary.changes
    touched = [change for change in changes if change.action is not Action.ADDED]
    added = report.summary.of(Action.ADDED)
    yield Table(
        "Resources", ("", "Resource", "What"), [_resource(each) for each in touched], _more(touched, "resources")
    )
    roles = [row for role in report.permissions for row in _role(role)]
    yield Table("Permissions", ("Of", "", "Statement"), roles, _more(roles, "statements"))
    paths = [_path("opened", each) for each in report.reachability.opened]
    paths += [_path("closed", each) for each in report.reachability.closed]
    yield Table("Who can reach whom", ("", "From", "To", "On", "Through"), paths, _more(paths, "paths"))
    yield Table("Added resources", ("Resource",), [(code(each.address),) for each in added], _more(added, "resources"))
    outputs = [_resource(each) for each in report.summary.outputs]
    yield Table("Outputs", ("", "Output", "What"), outputs, _more(outputs, "outputs"))


def _more(rows: object, what: str) -> str:
    return f"{len(rows)} {what}"  # type: ignore[arg-type]


def _resource(change: Change) -> tuple[str, str, str]:
    return change.action.value, code(change.address), _BREAK.join(_facts(change))


def _facts(change: Change) -> Iterator[str]:
    if change.moved_from:
        yield f"moved from {code(change.moved_from)}"
    if change.imported_id:
        yield f"imported by the id {code(change.imported_id)}"
    if change.forced_by:
        yield f"**replaced because of** {codes(change.forced_by)}"
    if change.is_unexplained:
        yield UNEXPLAINED
    yield from (_difference(each) for each in change.differences[:MOST_DIFFERENCES])
    if len(change.differences) > MOST_DIFFERENCES:
        yield f"and {len(change.differences) - MOST_DIFFERENCES} more attributes"


def _difference(each: Difference) -> str:
    if isinstance(each.before, Marker) and each.before is each.after:
        return f"{code(each.path)}: {code(each.before.value)}"
    path = f"{code(each.path)}: " if each.path else ""
    return f"{path}{code(shown(each.before))} → {code(shown(each.after))}"


def _role(role: PermissionChange) -> Iterator[tuple[str, str, str]]:
    """The role's name stands in its first row only."""
    rows = list(_statements(role))
    for number, (sign, text) in enumerate(rows):
        yield (f"{code(role.address)} ({role.what})" if number == 0 else "", sign, text)


def _statements(role: PermissionChange) -> Iterator[tuple[str, str]]:
    if role.problem:
        yield "⚠️", f"cannot be told: {code(role.problem)}"
    for sign, statements in (("+", role.gained), ("-", role.lost)):
        yield from ((f"**{sign}**", _statement(each)) for each in statements)
    for before, after in role.changed:
        yield "**~**", _changed(before, after)
    if not (role.problem or role.gained or role.lost or role.changed):
        yield "", "has no statements"


def _statement(statement: Statement) -> str:
    said = " ".join(f"{word} {codes(items)}" for word, items in words_of(statement))
    return f"{statement.part}: {said}"


def _changed(before: Statement, after: Statement) -> str:
    clauses = []
    for word, kept, moved in words_of_change(before, after):
        clauses.append(
            f"{word} {', '.join([*([codes(kept)] if kept else []), *(f'**{code(item)}**' for item in moved)])}"
        )
    return f"{after.part}: {' '.join(clauses)}"


def _path(what: str, path: PathChange) -> tuple[str, str, str, str, str]:
    far = f" at {code(path.addresses)}" if path.addresses else ""
    return f"**{what}**", code(path.source), code(path.target), f"{code(path.traffic)}{far}", path.via
