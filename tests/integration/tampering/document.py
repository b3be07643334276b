"""`python -m tests.integration.tampering.document`: write docs/tampering.md from the results of the last run.

The run is `pytest tests/integration/test_tampering.py`, which leaves reports/tampering.json. A test holds the document
to the table of the code.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.integration.tampering.change import Change
from tests.integration.tampering.run import Course

ROOT = Path(__file__).parents[3]
DOCUMENT, RESULTS = ROOT / "docs" / "tampering.md", ROOT / "reports" / "tampering.json"
HEAD = """# Tampering

Written by `python -m tests.integration.tampering.document` from the last run of `tests/integration/test_tampering.py`.
Each change is made by hand (boto3) in a stack that is deployed in the sandbox, one at a time. The verification must
then be red by the rule and at the resource of its row, by the other rules that are named there, and by none else. A
rule that *cannot judge* is red, too: what it would have to read is gone. Everything is green before the first change
and after the last, when all have been taken back. `not-in-state` is what AWS has and Terraform does not know. The
emulator stands for AWS here: this is no proof of what AWS would allow.

{count} changes, {unknown} of them at something that is not in the state.

| platform | change | rule | at | red with it |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """A change and its verdict."""

    platform: str
    name: str
    rule: str
    at: str
    also: tuple[str, ...]
    unread: tuple[str, ...]


def rows_of(changes: Iterable[Change]) -> list[Row]:
    """What the table of the code expects."""
    return [
        Row(each.platform, each.name, each.rule, each.at, tuple(sorted(each.also)), tuple(sorted(each.unread)))
        for each in changes
    ]


def rows_seen(changes: Iterable[Change], courses: Mapping[str, Course]) -> list[Row]:
    """What a run saw: the rule and the address of a change where they were red, "" where they were not."""
    return [_seen(each, courses[each.platform]) for each in changes]


def _seen(change: Change, course: Course) -> Row:
    seen = course.changed[change.name]
    red = change.is_red_in(seen.findings)
    rule, at = (change.rule, change.at) if red else ("", "")
    return Row(change.platform, change.name, rule, at, tuple(sorted(seen.rules - {rule})), tuple(sorted(seen.unread)))


def render(rows: Iterable[Row]) -> str:
    """The whole document, sorted by platform and otherwise in the order of the run."""
    listed = sorted(rows, key=lambda row: row.platform)
    head = HEAD.format(count=len(listed), unknown=sum(row.at.endswith("not-in-state") for row in listed))
    return head + "".join(
        f"| {row.platform} | {row.name} | {row.rule} | `{row.at}` | {_with_it(row)} |\n" for row in listed
    )


def _with_it(row: Row) -> str:
    return ", ".join([*row.also, *(f"{rule} (cannot judge)" for rule in row.unread)]) or "-"


def write_results(rows: Iterable[Row]) -> None:
    """Leave the rows of a run for the document."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Write the document, whole or not at all."""
    rows = [
        Row(**{**row, "also": tuple(row["also"]), "unread": tuple(row["unread"])})
        for row in json.loads(RESULTS.read_text(encoding="utf-8"))
    ]
    partial = DOCUMENT.with_suffix(".md.new")
    partial.write_text(render(rows), encoding="utf-8")
    partial.replace(DOCUMENT)


if __name__ == "__main__":
    main()
