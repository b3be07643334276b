"""A check of one prerequisite, and what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from delivery.errors import UserError


class State(StrEnum):
    """Missing: a command will fail without it. Note: good to know, nothing fails."""

    FINE = "fine"
    MISSING = "missing"
    NOTE = "note"


@dataclass(frozen=True)
class Found:
    """What a check found, in one line; mend: how to get what is missing."""

    state: State
    text: str
    mend: str = ""


@dataclass(frozen=True)
class Place:
    """What is examined: a folder, an environment, and the provider mirror that was asked for. region: of AWS."""

    folder: Path
    environment: Mapping[str, str]
    region: str
    plugin_folder: Path | None = None


@dataclass(frozen=True)
class Check:
    """name: what is checked; run: never prints, may raise UserError, which counts as missing."""

    name: str
    run: Callable[[Place], Found]


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    name: str
    found: Found


def fine(text: str) -> Found:
    return Found(State.FINE, text)


def missing(text: str, mend: str) -> Found:
    return Found(State.MISSING, text, mend)


def note(text: str, mend: str = "") -> Found:
    return Found(State.NOTE, text, mend)


def examine(checks: Iterable[Check], place: Place) -> Iterator[Result]:
    """Every check in order. One that breaks is a result like any other: a doctor has no traceback."""
    for check in checks:
        try:
            found = check.run(place)
        except UserError as error:
            found = missing(error.what + (f" ({error.found})" if error.found else ""), error.mend)
        except Exception as error:
            found = missing(f"could not be checked: {type(error).__name__}: {error}", "Report this as a bug")
        yield Result(check.name, found)
