"""What is wrong with a settings file: one frozen value per mistake, all mistakes of a file in one exception."""

from collections.abc import Iterable
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]  # ("services", "payment-api", "calls", 0)

_LONGEST_SHOWN_VALUE = 80


@dataclass(frozen=True)
class Position:
    """A place in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class SettingsError:
    """One mistake. `line` and `column` count from 1; both are None where there is no text to point at."""

    file: str
    line: int | None
    column: int | None
    key_path: str  # services.payment-api.calls[0]; "" for the whole file
    problem: str  # what is wrong, one short sentence
    found: str
    allowed: str
    remedy: str  # what to do

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        head = ": ".join(part for part in (place, self.key_path, self.problem) if part)
        return f"{head}\n  found:   {self.found}\n  allowed: {self.allowed}\n  to do:   {self.remedy}"


class SettingsErrors(Exception):  # noqa: N818 - it is the plural of SettingsError
    """Every mistake found in one settings file, in the order of the file."""

    def __init__(self, errors: Iterable[SettingsError]) -> None:
        self.errors = tuple(sorted(set(errors), key=_position))
        super().__init__(format_errors(self.errors))


def make_error(
    file: str, path: KeyPath, position: Position | None, problem: str, found: str, allowed: str, remedy: str
) -> SettingsError:
    """A SettingsError with its key path as text; without a position for what stands in no file."""
    line, column = (position.line, position.column) if position else (None, None)
    return SettingsError(file, line, column, format_key_path(path), problem, found, allowed, remedy)


def format_errors(errors: Iterable[SettingsError]) -> str:
    """All errors as text for a terminal, then how many there are."""
    texts = [str(error) for error in errors]
    count = f"{len(texts)} error{'s' if len(texts) != 1 else ''} in the settings; nothing was written."
    return "\n".join([*texts, count])


def format_key_path(path: KeyPath) -> str:
    """("services", "payment-api", "calls", 0) -> services.payment-api.calls[0]."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def show_value(value: object) -> str:
    """A found value as YAML writes it, short enough for one line."""
    if value is None:
        return "nothing (an empty value)"
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    if isinstance(value, dict):
        text = "a mapping with the keys " + ", ".join(map(str, value)) if value else "an empty mapping"
    elif isinstance(value, (list, tuple)):
        text = "a list of " + ", ".join(map(show_value, value)) if value else "an empty list"
    elif isinstance(value, str):
        text = f'"{value}"'
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN_VALUE else text[: _LONGEST_SHOWN_VALUE - 3] + "..."


def _position(error: SettingsError) -> tuple[int, int, str, str]:
    return (error.line or 0, error.column or 0, error.key_path, error.problem)
