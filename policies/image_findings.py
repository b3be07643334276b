"""Accepted findings of image scans: one vulnerability in one repository each, for at most 90 days.

Expired, future, unused and too broad entries fail the deployment. One list serves every platform, so an entry has to
hide something only where an image of its repository is about to run and the scans of all of them could be read; its
dates have to be in order wherever it is read.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from policies.errors import GateError
from policies.waivers import LONGEST, SHOWN_BEFORE
from policies.yaml_file import read_checked_yaml

ACCEPTED = Path(__file__).parent / "image_findings.yaml"
SCHEMA = Path(__file__).parent / "image_findings.schema.json"


class Found(NamedTuple):
    """A vulnerability that a scan found in an image of a repository."""

    repository: str
    vulnerability: str


@dataclass(frozen=True)
class Acceptance:
    """One entry of image_findings.yaml. `repository` may end with `*`, which stands for text without a slash."""

    vulnerability: str
    repository: str
    reason: str
    approver: str
    granted: date
    expires: date

    @property
    def label(self) -> str:
        return f"acceptance of {self.vulnerability} in {self.repository}"

    def is_about(self, repository: str) -> bool:
        """Whether images of this repository are meant."""
        start, star, _ = self.repository.partition("*")
        return re.fullmatch(re.escape(start) + ("[^/]+" if star else ""), repository) is not None

    def hides(self, found: Found) -> bool:
        """Whether the finding is accepted by this entry."""
        return found.vulnerability == self.vulnerability and self.is_about(found.repository)


@dataclass(frozen=True)
class Accepted:
    """Which findings are accepted and by what, what is wrong with the list, and what to tell about it."""

    by: Mapping[Found, Acceptance]
    errors: tuple[str, ...]
    notes: tuple[str, ...]


def load_acceptances(path: Path = ACCEPTED) -> tuple[Acceptance, ...]:
    """Every entry of the file. GateError when the file is missing or breaks its schema."""
    found = read_checked_yaml(path, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return tuple(_acceptance(item, path) for item in found["findings"])


def _acceptance(item: dict[str, Any], path: Path) -> Acceptance:
    try:
        dates = {name: date.fromisoformat(item[name]) for name in ("granted", "expires")}
    except ValueError as error:
        raise GateError("an entry with a date that does not exist", str(path), found=str(error)) from error
    return Acceptance(**{**item, **dates})


def accept(
    acceptances: Iterable[Acceptance],
    findings: Iterable[Found],
    *,
    repositories: Collection[str],
    unread: Collection[str],
    today: date,
) -> Accepted:
    """Which of the findings are accepted today.

    findings: those that would stop the deployment; repositories: names of all whose images are about to run
    unread: those with an image whose scan has no result, so that nobody can tell what an entry hides there
    """
    stopping = tuple(dict.fromkeys(findings))
    faults = {entry: tuple(_faults(entry, repositories, today)) for entry in acceptances}
    sound = [entry for entry, found in faults.items() if not found]
    by = {item: entry for item in stopping for entry in sound if entry.hides(item)}
    used = [entry for entry in sound if any(entry.hides(item) for item in stopping)]
    read = set(repositories) - set(unread)
    unused = [entry for entry in sound if entry not in used and any(map(entry.is_about, read))]
    errors = [*(fault for found in faults.values() for fault in found), *map(_unused, unused)]
    return Accepted(by, tuple(errors), tuple(_notes(used, today)))


def _faults(entry: Acceptance, repositories: Collection[str], today: date) -> Iterator[str]:
    meant = sorted({name for name in repositories if entry.is_about(name)})
    if len(meant) > 1:
        yield f"{entry.label} is too broad: it is about {', '.join(meant)}. Name one repository."
    if entry.granted > today:
        yield f"{entry.label} was granted in the future, on {entry.granted}. Correct the date."
    if entry.expires < entry.granted:
        yield f"{entry.label} expires on {entry.expires}, before it was granted. Correct the dates."
    if entry.expires - entry.granted > LONGEST:
        days = (entry.expires - entry.granted).days
        yield f"{entry.label} lasts {days} days, and {LONGEST.days} are allowed. Shorten it."
    if entry.expires < today:
        yield f"{entry.label} expired on {entry.expires}. Deploy a mended image, or have it granted anew."


def _unused(entry: Acceptance) -> str:
    return f"{entry.label} hides nothing that would stop the deployment. Remove it."


def _notes(used: Iterable[Acceptance], today: date) -> Iterator[str]:
    for entry in used:
        if entry.expires - today <= SHOWN_BEFORE:
            yield f"{entry.label} expires on {entry.expires}, in {(entry.expires - today).days} days"
