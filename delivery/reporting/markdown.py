"""GitHub-flavoured markdown from values that nobody trusts, never longer than a comment may be. Pure.

Every value stands in a code span: there GitHub renders no HTML, no links, no mentions and no issue numbers. Of a table
whole rows are left out and never parts of one. Sources: https://github.github.com/gfm/#code-spans, #tables-extension-,
and the 65,536 characters that GitHub takes for a comment (checked 2026-11-26).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from delivery.reporting.plain import plain, shortened

LIMIT_CHARACTERS = 60_000  # leaves room for what a workflow may add
LONGEST_VALUE = 240
MOST_ITEMS = 40
LONGEST_OPEN_TABLE = 12  # rows; longer ones are folded
_CUT_CHARACTERS = 400  # for the sentence that says what was left out, and for closing what is open


@dataclass(frozen=True)
class Table:
    """rows: cells as markdown, made with `code`, `codes` and literal words. folded_as: the summary when it is long."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded_as: str = ""

    @property
    def folded(self) -> bool:
        return bool(self.folded_as) and len(self.rows) > LONGEST_OPEN_TABLE


def code(text: str, longest: int = LONGEST_VALUE) -> str:
    """A value as a code span, fit for a table cell. A backslash before a pipe is shown twice."""
    shown = shortened(plain(text), longest)
    shown = re.sub(r"(\\*)\|", r"\1\1\\|", shown)
    if not shown.strip():
        return "(empty)"
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    space = " " if shown[0] == "`" or shown[-1] == "`" or (shown[0] == shown[-1] == " ") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def codes(texts: Iterable[str], between: str = ", ", most: int = MOST_ITEMS) -> str:
    """Several values as code spans; how many were left out is said."""
    items = list(texts)
    more = f"{between}and {len(items) - most} more" if len(items) > most else ""
    return between.join(code(item) for item in items[:most]) + more


def marker(what: str, name: str) -> str:
    """A comment that nobody sees, by which a workflow finds its own comment again."""
    return f"<!-- paygate {what} {re.sub(r'[^A-Za-z0-9_.-]', '-', name)} -->"


def page(opening: Sequence[str], tables: Iterable[Table], limit: int = LIMIT_CHARACTERS) -> str:
    """Paragraphs, then tables, as far as they fit. Ends with what was left out, if anything was."""
    lines = [line for paragraph in opening for line in (paragraph, "")]
    room = limit - _CUT_CHARACTERS - sum(len(line) + 1 for line in lines)
    left_out = 0
    for table in tables:
        found, missing = _fitting(table, room)
        room -= sum(len(line) + 1 for line in found)
        left_out += missing
        lines += found
    if left_out:
        lines += [
            f"**Cut here:** {left_out} more rows do not fit into a comment. `paygate plan` prints all of them.",
            "",
        ]
    return "\n".join(lines)


def _fitting(table: Table, room: int) -> tuple[list[str], int]:
    """The lines of a table that fit, and how many rows do not."""
    head, tail = list(_head(table)), ["</details>", ""] if table.folded else []
    room -= sum(len(line) + 1 for line in (*head, *tail)) + 1
    rows: list[str] = []
    for row in table.rows:
        line = f"| {' | '.join(row)} |"
        room -= len(line) + 1
        if room < 0:
            break
        rows.append(line)
    if not rows:
        return [], len(table.rows)
    return [*head, *rows, "", *tail], len(table.rows) - len(rows)


def _head(table: Table) -> Iterator[str]:
    yield from (f"### {table.title}", "")
    if table.folded:
        yield from (f"<details><summary>{table.folded_as}</summary>", "")
    yield f"| {' | '.join(table.header)} |"
    yield f"|{' --- |' * len(table.header)}"
