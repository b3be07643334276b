"""JSON files read once, strictly, with the position of every resource in them.

The resources of a stack are decoded one by one (at the speed of the standard decoder), so that their line is known
without a scan of every token. Duplicate keys, NaN, a byte-order mark, cut text and trailing text are refused.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.errors import GateError

_SPACE = re.compile(r"[ \t\n\r]*")
_LARGEST_BYTES = 1 << 30


class DuplicateKeyError(ValueError):
    """An object says the same key twice; readers disagree about which one counts."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise DuplicateKeyError(f"the key {json.dumps(twice)} twice in one object")
    return table


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name}, which is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def decode_text(text: str) -> Any:
    """One JSON value from a text; ValueError when it is not exactly that (duplicates and depth included)."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nesting deeper than anything real") from None


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the file with the keys that lead to it and the line of its last key."""

    keys: tuple[str, ...]
    value: Any
    line: int


def read_text(path: Path) -> str:
    """The file as text; GateError when it cannot be read."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise GateError("the file is too large to be a stack", str(path), allowed="at most 1 GiB")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise GateError("the file cannot be read", str(path), found=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise GateError("the file is not UTF-8 text", str(path), found=f"byte {error.start}") from error


def read_json(path: Path) -> Any:
    """The whole file as one value; GateError with the line when it is not JSON."""
    text = read_text(path)
    try:
        return decode_text(text)
    except ValueError as error:
        raise _broken(path, text, error) from error


def read_entries(path: Path, opened: dict[str, int]) -> list[Entry]:
    """The file as entries: blocks named in `opened` are split that many levels deep, the others stay whole.

    `opened={"resource": 2}` yields one entry per resource, keys `("resource", "aws_subnet", "a")`, for the object form
    and for lists of objects at any level.
    """
    text = read_text(path)
    reader = _Reader(text)
    try:
        entries = list(reader.read(opened))
    except (ValueError, IndexError, RecursionError) as error:
        raise _broken(path, text, error) from error
    return entries


def entries_of(value: Any, opened: dict[str, int], keys: tuple[str, ...] = ()) -> Iterator[Entry]:
    """The entries of a document that has been decoded already; their lines are 0."""
    if not keys and not isinstance(value, dict):
        raise GateError("no Terraform JSON", found=type(value).__name__, allowed="an object")
    levels = opened.get(keys[0], 0) - len(keys) + 1 if keys else 1
    if levels > 0 and isinstance(value, dict):
        for key, inner in value.items():
            yield from entries_of(inner, opened, (*keys, key))
    elif levels > 0 and isinstance(value, list):
        for item in value:
            yield from entries_of(item, opened, keys)
    else:
        yield Entry(keys, value, 0)


def _broken(path: Path, text: str, error: Exception) -> GateError:
    if not text.strip():
        return GateError("the file is empty", str(path), allowed="Terraform JSON, a plan or a state as JSON")
    if isinstance(error, json.JSONDecodeError):
        return GateError("the file is not JSON", f"{path}:{error.lineno}", found=f"{error.msg} at column {error.colno}")
    return GateError("the file is not JSON that can be judged", str(path), found=str(error) or type(error).__name__)


class _Reader:
    """A cursor over the text that descends where it is told to and leaves the rest to the standard decoder."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._line, self._counted = 1, 0

    def read(self, opened: dict[str, int]) -> Iterator[Entry]:
        self._skip_space()
        if self._next() != "{":
            raise json.JSONDecodeError("Expecting an object", self.text, self.at)
        for key, line in self._members():
            yield from self._value((key,), line, opened.get(key, 0))
        self._skip_space()
        if self.at != len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, self.at)

    def _value(self, keys: tuple[str, ...], line: int, levels: int) -> Iterator[Entry]:
        character = self._next()
        if levels and character == "{":
            for key, key_line in self._members():
                yield from self._value((*keys, key), key_line, levels - 1)
        elif levels and character == "[":
            yield from self._list(keys, levels)
        else:
            value, self.at = _DECODER.raw_decode(self.text, self.at)
            yield Entry(keys, value, line)

    def _list(self, keys: tuple[str, ...], levels: int) -> Iterator[Entry]:
        self._move(1)
        while self._next() != "]":
            yield from self._value(keys, self._line_here(), levels)
            self._separator("]")
        self.at += 1

    def _members(self) -> Iterator[tuple[str, int]]:
        """Each key of the object here with its line; the cursor stands at the value, and must be past it on return."""
        seen: set[str] = set()
        self._move(1)
        while self._next() != "}":
            if self._next() != '"':
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", self.text, self.at)
            line = self._line_here()
            key, self.at = _DECODER.raw_decode(self.text, self.at)
            if key in seen:
                raise DuplicateKeyError(f"the key {json.dumps(key)} twice in one object, on line {line}")
            seen.add(key)
            self._skip_space()
            if self._next() != ":":
                raise json.JSONDecodeError("Expecting ':' delimiter", self.text, self.at)
            self._move(1)
            yield key, line
            self._separator("}")
        self.at += 1

    def _separator(self, closing: str) -> None:
        self._skip_space()
        if self._next() == ",":
            self._move(1)
            if self._next() == closing:
                raise json.JSONDecodeError("Illegal trailing comma", self.text, self.at)
        elif self._next() != closing:
            raise json.JSONDecodeError("Expecting ',' delimiter", self.text, self.at)

    def _move(self, characters: int) -> None:
        self.at += characters
        self._skip_space()

    def _skip_space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line
