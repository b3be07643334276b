"""What a sweep found or did, as a table for people and as data for machines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from delivery.sweep.ages import Environment
from delivery.sweep.deleting import Swept
from delivery.sweep.finding import Belonging

HEADER = ("SERVICE", "KIND", "AGE", "BECAUSE OF", "ID")  # ids can be longer than a line
KEYS_STAY = "KMS deletes a key 7 days after it was asked to: until then it is listed as PendingDeletion"


def as_text(environments: Sequence[Environment], swept: Sequence[tuple[str, Swept]], now: datetime) -> str:
    """A table per environment; after a deletion what is gone in number, and what is left with the reason of AWS."""
    if not environments:
        return "nothing found"
    done = dict(swept)
    return "\n\n".join("\n".join(_of_one(each, done.get(each.suffix), now)) for each in environments)


def _of_one(environment: Environment, swept: Swept | None, now: datetime) -> list[str]:
    if swept is None:
        rows = [HEADER, *(_row(each, now) for each in environment.found)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
        table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return [*table, f"{environment.suffix}: {len(environment.found)} found, nothing deleted (--yes deletes)"]
    left = [f"left: {each.thing}: {reason}" for each, reason in swept.left]
    lines = [f"{environment.suffix}: {len(swept.gone)} gone, {len(swept.left)} left", *left]
    return [*lines, KEYS_STAY] if any(each.thing.kind == "key" for each in swept.gone) else lines


def _row(belonging: Belonging, now: datetime) -> tuple[str, ...]:
    thing = belonging.thing
    shown = thing.id if thing.name in ("", thing.id) or thing.name in thing.id else f"{thing.id} {thing.name}"
    return (thing.service, thing.kind, age(thing.created, now), belonging.why, shown)


def age(created: datetime | None, now: datetime) -> str:
    """`3 d`, `5 h`, `12 min`; a hyphen where it is not known."""
    if created is None:
        return "-"
    seconds = max(now - created, timedelta()).total_seconds()
    for unit, length in (("d", 86400), ("h", 3600)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds // 60:.0f} min"


def as_data(environments: Sequence[Environment], swept: Sequence[tuple[str, Swept]]) -> dict[str, Any]:
    """One JSON object: `environments`, each with `found` and, after a deletion, `gone` and `left` with reasons."""
    done = dict(swept)
    return {"environments": [_data_of_one(each, done.get(each.suffix)) for each in environments]}


def _data_of_one(environment: Environment, swept: Swept | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "suffix": environment.suffix,
        "oldest": environment.oldest.isoformat() if environment.oldest else None,
        "found": [_data(each) for each in environment.found],
    }
    if swept is not None:
        data["gone"] = [_data(each) for each in swept.gone]
        data["left"] = [{**_data(each), "reason": reason} for each, reason in swept.left]
    return data


def _data(belonging: Belonging) -> dict[str, Any]:
    thing = belonging.thing
    return {
        "service": thing.service,
        "kind": thing.kind,
        "id": thing.id,
        "name": thing.name,
        "platform": belonging.platform,
        "why": belonging.why,
        "created": thing.created.isoformat() if thing.created else None,
    }
