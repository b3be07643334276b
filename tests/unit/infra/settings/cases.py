"""One edit of a settings file, and the whole errors it must give.

An edit replaces text that must be there. `at` is text of the edited file with a | before the place of the error.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.settings import SettingsError, SettingsErrors, load


@dataclass(frozen=True)
class Expected:
    at: str
    key_path: str
    problem: str
    found: str
    allowed: str
    remedy: str


@dataclass(frozen=True)
class Case:
    """`checks` are the functions that find the errors."""

    name: str
    checks: tuple[str, ...]
    edits: tuple[tuple[str, str], ...]
    expected: tuple[Expected, ...]


def place(text: str, marked: str) -> tuple[int, int]:
    offset = text.index(marked.replace("|", "", 1)) + marked.index("|")
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def check_case(case: Case, text: str, folder: Path) -> None:
    """Edit the text of a settings file, load it, and compare the errors."""
    for old, new in case.edits:
        assert text.count(old) >= 1, f"{old!r} is no longer in the settings"
        text = text.replace(old, new, 1)
    file = folder / "edited.yaml"
    file.write_text(text)

    with pytest.raises(SettingsErrors) as caught:
        load(file, "pr42")

    assert caught.value.errors == tuple(
        SettingsError(
            str(file),
            *place(text, each.at),
            each.key_path,
            each.problem,
            each.found,
            each.allowed.replace("{folder}", str(folder)),
            each.remedy,
        )
        for each in case.expected
    )
