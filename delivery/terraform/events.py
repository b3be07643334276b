"""What terraform says with `-json`, one line at a time, as data.

Source: https://developer.hashicorp.com/terraform/internals/v1.11.x/machine-readable-ui (checked 2026-11-22).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# How many operations (apply_start .. apply_complete) each planned action becomes; all others become none.
OPERATIONS_OF_ACTION = {"create": 1, "read": 1, "update": 1, "delete": 1, "replace": 2}


@dataclass(frozen=True)
class Diagnostic:
    """An error or warning of terraform: severity `error` or `warning`; address and place are empty where unknown."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    place: str = ""  # file:line

    def __str__(self) -> str:
        where = self.address or self.place
        return ": ".join(part for part in (where, self.summary, self.detail) if part)


@dataclass(frozen=True)
class Planned:
    """A change that a plan holds. Actions: noop, create, read, update, replace, delete, move, import, forget."""

    address: str
    action: str

    @property
    def operations(self) -> int:
        return OPERATIONS_OF_ACTION.get(self.action, 0)


@dataclass(frozen=True)
class Drifted:
    """A resource that is not as the state says, found while refreshing."""

    address: str
    action: str


@dataclass(frozen=True)
class Refreshed:
    """A resource was read anew."""

    address: str


@dataclass(frozen=True)
class Started:
    """An operation on a resource began; actions: create, read, update, delete."""

    address: str
    action: str


@dataclass(frozen=True)
class Waiting:
    """An operation is still going on; terraform says so every ten seconds."""

    address: str
    action: str
    elapsed_seconds: float


@dataclass(frozen=True)
class Finished:
    """An operation on a resource ended well."""

    address: str
    action: str
    elapsed_seconds: float


@dataclass(frozen=True)
class Failed:
    """An operation on a resource ended in an error; the diagnostic that explains it follows on its own."""

    address: str
    action: str
    elapsed_seconds: float


@dataclass(frozen=True)
class Summary:
    """The counts at the end of a plan, apply or destroy."""

    operation: str
    added: int
    changed: int
    removed: int


Event = Diagnostic | Planned | Drifted | Refreshed | Started | Waiting | Finished | Failed | Summary


def parse_event(line: str) -> Event | None:
    """The event of one line; None for lines that are not JSON (init prints some) and for kinds we have no use for."""
    try:
        message = json.loads(line)
        reader = _READERS.get(message["type"])
        return reader(message) if reader else None
    except (ValueError, KeyError, TypeError):
        return None


def parse_diagnostic(raw: Mapping[str, Any]) -> Diagnostic:
    """A diagnostic object as it stands in `-json` lines."""
    place = ""
    if raw.get("range"):
        place = f"{raw['range'].get('filename', '')}:{raw['range'].get('start', {}).get('line', '')}"
    return Diagnostic(
        raw["severity"], raw["summary"], (raw.get("detail") or "").strip(), raw.get("address") or "", place
    )


def _hook(kind: Callable[[str, str, float], Event]) -> Callable[[Mapping[str, Any]], Event]:
    def read(message: Mapping[str, Any]) -> Event:
        hook = message["hook"]
        return kind(hook["resource"]["addr"], hook["action"], float(hook.get("elapsed_seconds", 0)))

    return read


def _summary(message: Mapping[str, Any]) -> Summary:
    changes = message["changes"]
    return Summary(changes["operation"], changes["add"], changes["change"], changes["remove"])


_READERS: dict[str, Callable[[Mapping[str, Any]], Event]] = {
    "diagnostic": lambda message: parse_diagnostic(message["diagnostic"]),
    "planned_change": lambda message: Planned(message["change"]["resource"]["addr"], message["change"]["action"]),
    "resource_drift": lambda message: Drifted(message["change"]["resource"]["addr"], message["change"]["action"]),
    "refresh_complete": lambda message: Refreshed(message["hook"]["resource"]["addr"]),
    "apply_start": _hook(lambda address, action, _seconds: Started(address, action)),
    "apply_progress": _hook(Waiting),
    "apply_complete": _hook(Finished),
    "apply_errored": _hook(Failed),
    "change_summary": _summary,
}
