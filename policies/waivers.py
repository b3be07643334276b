"""Waivers: findings that security has accepted for a time, or for good because a requirement clause wants them so.

Each hides the findings of one rule at the addresses it names. Expired, unused and too broad ones fail the gate. One for
all specs says what the constructs do on purpose on every platform; it may hide nothing on some of them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.spec import load_spec, spec_names
from policies.verdict import Judged, Problem
from policies.yaml_file import read_checked_yaml

WAIVERS = Path(__file__).parent / "waivers.yaml"
SCHEMA = Path(__file__).parent / "waivers.schema.json"
CLAUSES = Path(__file__).parent.parent / "docs" / "clauses.yaml"
CLAUSES_SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "object", "required": ["id"]}},
}
ALL_SPECS = "all"
LONGEST = timedelta(days=90)
SHOWN_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class Waiver:
    """One entry of waivers.yaml. `address` may hold `*`; `rule` is the id of ours or of a Checkov built-in.

    spec: whose gate it belongs to, or `all`
    """

    spec: str
    rule: str
    address: str
    reason: str
    approver: str
    granted: date
    expires: date | None
    clause: str
    ticket: str

    @property
    def label(self) -> str:
        return f"waiver of {self.rule} at {self.address}"

    @property
    def is_for_checkov(self) -> bool:
        return self.rule.startswith(("CKV_", "CKV2_"))

    def hides(self, rule: str, address: str) -> bool:
        """Whether a finding of this rule at this address is waived."""
        return fnmatchcase(rule, self.rule) and fnmatchcase(address, self.address)


def load_waivers(path: Path = WAIVERS) -> tuple[Waiver, ...]:
    """Every waiver of the file. GateError when the file is missing or breaks its schema."""
    found = read_checked_yaml(path, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return tuple(_waiver(item, path) for item in found["waivers"])


def _waiver(item: dict[str, Any], path: Path) -> Waiver:
    try:
        granted = date.fromisoformat(item["granted"])
        expires = date.fromisoformat(item["expires"]) if "expires" in item else None
    except ValueError as error:
        raise GateError("a waiver with a date that does not exist", str(path), found=str(error)) from error
    return Waiver(
        spec=item["spec"],
        rule=item["rule"],
        address=item["address"],
        reason=item["reason"],
        approver=item["approver"],
        granted=granted,
        expires=expires,
        clause=item.get("clause", ""),
        ticket=item.get("ticket", ""),
    )


@dataclass(frozen=True)
class Waived:
    """Findings after waiving, what is wrong with the waivers, and what to tell about them."""

    findings: tuple[Judged, ...]
    errors: tuple[Problem, ...]
    notes: tuple[str, ...]


def apply_waivers(
    waivers: Iterable[Waiver],
    findings: Iterable[Judged],
    *,
    spec: str,
    rules: frozenset[str],
    known: Mapping[str, tuple[str, ...]],
    today: date,
) -> Waived:
    """Findings with the reason of the waiver that hides them. GateError when clauses are named and cannot be read.

    waivers: those of every spec, since a fault is one whatever is judged; only those of `spec` hide and must be used
    rules: ids that ran, whose waivers must be used; known: every id there is, with the clauses that the rule serves
    """
    judged = tuple(findings)
    faults = {waiver: tuple(_faults(waiver, known, today)) for waiver in waivers}
    errors = [fault for found in faults.values() for fault in found]
    sound = [waiver for waiver, found in faults.items() if waiver.spec in (spec, ALL_SPECS) and not found]
    used: set[Waiver] = set()
    result = tuple(_hidden(item, sound, used) for item in judged)
    errors += [
        _problem(waiver, "hides nothing any more", "Remove it.")
        for waiver in sound
        if waiver not in used and waiver.rule in rules and waiver.spec != ALL_SPECS
    ]
    return Waived(result, tuple(errors), tuple(_notes(sound, used, today)))


def _hidden(item: Judged, waivers: list[Waiver], used: set[Waiver]) -> Judged:
    matching = [waiver for waiver in waivers if waiver.hides(item.rule.id, item.finding.address)]
    used.update(matching)
    return replace(item, waived=matching[0].reason) if matching else item


def _faults(waiver: Waiver, known: Mapping[str, tuple[str, ...]], today: date) -> Iterator[Problem]:
    yield from _faults_of_names(waiver, known)
    yield from _faults_of_dates(waiver, today)


def _faults_of_names(waiver: Waiver, known: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    platforms = _platforms_of(waiver)
    if not platforms:
        yield _problem(
            waiver, f"is for spec {waiver.spec}, which does not exist", f"Name one of: {', '.join(spec_names())}."
        )
    elif waiver.clause and not any(waiver.clause in clauses_of(platform) for platform in platforms):
        fault = f"names clause {waiver.clause}, which {_platform(platforms)}"
        yield _problem(waiver, fault, "Name one of docs/clauses.yaml.")
    elif waiver.clause and waiver.clause in known.get(waiver.rule, ()):
        fault = f"names clause {waiver.clause}, which the rule itself serves"
        yield _problem(waiver, fault, "Mend the finding, or name the clause that wants it otherwise.")
    named = {rule for rule in known if fnmatchcase(rule, waiver.rule)}
    if len(named) > 1 or any(character in waiver.rule for character in "*?["):
        yield _problem(waiver, f"is too broad: it would hide {len(named)} rules", "Name one rule.")
    elif waiver.spec == ALL_SPECS and not waiver.is_for_checkov:
        yield _problem(waiver, "is for every spec, as only built-in checks of Checkov can be", "Name one spec.")
    elif not named and not waiver.is_for_checkov:
        yield _problem(waiver, "names a rule that does not exist", "Correct or remove it.")


def _platforms_of(waiver: Waiver) -> tuple[str, ...]:
    """The platforms whose clauses may be the reason; none for a spec that does not exist."""
    if waiver.spec == ALL_SPECS:
        return tuple(load_spec(name).platform for name in spec_names())
    return (load_spec(waiver.spec).platform,) if waiver.spec in spec_names() else ()


def _platform(names: tuple[str, ...]) -> str:
    if len(names) > 1:
        return "no platform has"
    return f"platform {names[0]} does not have" if names[0] else "a spec without a platform does not have"


@lru_cache
def clauses_of(platform: str) -> frozenset[str]:
    """The clause ids of a platform; none for a spec without one. GateError when docs/clauses.yaml cannot be read."""
    return frozenset(str(clause["id"]) for clause in read_checked_yaml(CLAUSES, CLAUSES_SCHEMA).get(platform, ()))


def _faults_of_dates(waiver: Waiver, today: date) -> Iterator[Problem]:
    if waiver.granted > today:
        yield _problem(waiver, f"was granted in the future, on {waiver.granted}", "Correct the date.")
    if waiver.expires is None and not waiver.clause:
        yield _problem(waiver, "never expires, and no clause is its reason", "Give it an expiry of at most 90 days.")
    if waiver.expires and waiver.expires < waiver.granted:
        yield _problem(waiver, f"expires on {waiver.expires}, before it was granted", "Correct the dates.")
    if waiver.expires and not waiver.clause and waiver.expires - waiver.granted > LONGEST:
        days = (waiver.expires - waiver.granted).days
        yield _problem(
            waiver, f"lasts {days} days, and 90 are allowed", "Shorten it, or name the clause that wants it."
        )
    if waiver.expires and waiver.expires < today:
        yield _problem(waiver, f"expired on {waiver.expires}", "Mend the finding, or have the waiver granted anew.")


def _notes(waivers: list[Waiver], used: set[Waiver], today: date) -> Iterator[str]:
    for waiver in waivers:
        if waiver in used and waiver.expires and waiver.expires - today <= SHOWN_BEFORE:
            yield f"{waiver.label} expires on {waiver.expires}, in {(waiver.expires - today).days} days"


def _problem(waiver: Waiver, fault: str, remedy: str) -> Problem:
    return Problem(
        rule=waiver.rule, message=f"{waiver.label} {fault}. {remedy}", address=waiver.address, file=WAIVERS.name
    )
