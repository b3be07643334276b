"""Drift for a terminal, for machines, and as markdown. Pure."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from delivery.drift.drift import Drift, Entry
from delivery.reporting.markdown import LIMIT_CHARACTERS, Table, code, marker, page
from delivery.reporting.plain import plain
from delivery.terraform.values import Marker, shown


def drift_text(drift: Drift, stack: str) -> str:
    """Illegal drift attribute by attribute, legal drift by its reasons."""
    return "\n".join(plain(line) for line in _lines(drift, stack)) + "\n"


def as_json(drift: Drift, stack: str) -> dict[str, Any]:
    """Every entry of both kinds, whole."""
    return {
        "stack": stack,
        "exit_code": drift.exit_code,
        "illegal": [_object(entry) for entry in drift.illegal],
        "legal": [_object(entry) for entry in drift.legal],
    }


def drift_markdown(drift: Drift, stack: str, limit: int = LIMIT_CHARACTERS) -> str:
    """A comment, or the text of an issue, of at most `limit` characters."""
    opening = [marker("drift", stack), f"## Drift of {code(stack)}", f"**{verdict(drift)}**"]
    illegal = [(code(each.address), *_cells(each), code(each.reason)) for each in drift.illegal]
    legal = [(code(reason), str(number)) for reason, number in reasons(drift)]
    tables = [
        Table("Illegal", ("Resource", "Attribute", "State", "Found", "Why"), illegal),
        Table("Legal", ("Why", "Attributes"), legal),
    ]
    return page(opening, tables, limit)


def verdict(drift: Drift) -> str:
    """One line: how much of which kind."""
    if not drift.entries:
        return "no drift: AWS has what the state says"
    if not drift.illegal:
        return f"legal drift only: {_number(drift.legal)}"
    return f"ILLEGAL DRIFT: {_number(drift.illegal)}; legal: {_number(drift.legal)}"


def reasons(drift: Drift) -> list[tuple[str, int]]:
    """The reasons of legal drift and how many attributes each explains, the rarest first: they tell the most."""
    return sorted(Counter(entry.reason for entry in drift.legal).items(), key=lambda item: (item[1], item[0]))


def _lines(drift: Drift, stack: str) -> Iterator[str]:
    yield f"drift of {stack}: {verdict(drift)}"
    for entry in drift.illegal:
        where = f"{entry.address} {entry.path}".rstrip()
        yield f"  illegal  {where}: {shown(entry.state)} -> {shown(entry.found)}: {entry.reason}"
    for reason, number in reasons(drift):
        yield f"  legal    {_counted(number, 'attribute')}: {reason}"


def _number(entries: tuple[Entry, ...]) -> str:
    resources = len({entry.address for entry in entries})
    return f"{_counted(len(entries), 'attribute')} of {_counted(resources, 'resource')}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _cells(entry: Entry) -> tuple[str, str, str]:
    return code(entry.path) if entry.path else "", code(shown(entry.state)), code(shown(entry.found))


def _object(entry: Entry) -> dict[str, Any]:
    return {
        "address": entry.address,
        "path": entry.path,
        "state": _json(entry.state),
        "found": _json(entry.found),
        "reason": entry.reason,
    }


def _json(value: Any) -> Any:
    """Markers, wherever they are, as their texts."""
    return json.loads(
        json.dumps(value, default=lambda marker: marker.value if isinstance(marker, Marker) else str(marker))
    )
