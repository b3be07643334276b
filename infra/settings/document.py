"""A YAML file as plain data plus the place of every key and value. Refuses what two readers could read differently.

Built on parser events instead of a loader: no object is ever constructed, no alias expanded, nothing recursed into.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from infra.settings.errors import KeyPath, Position, SettingsError, SettingsErrors, make_error, show_value
from infra.settings.scalars import ScalarRefusedError, read_scalar
from infra.settings.text_file import read_text

DEEPEST_NESTING = 20

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """The mapping a file holds; `values` and `keys` give the place of each value and of each key by its path."""

    file: str
    data: dict[str, Any]
    values: Mapping[KeyPath, Position]
    keys: Mapping[KeyPath, Position]

    def position(self, path: KeyPath) -> Position:
        """The place of a value, or of what would have to hold it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.keys.get(path) or self.values[path] if path else Position(1, 1)


def read_document(path: Path) -> Document:
    """Raises SettingsErrors when the file cannot be read as one YAML mapping of unambiguous values."""
    return _Builder(str(path)).build(read_text(path))


@dataclass
class _Open:
    """A mapping or list whose end has not been read yet; `key` is the mapping key that waits for its value."""

    container: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None


class _Builder:
    """Turns parser events into a Document. Mistakes inside the data are collected, broken YAML ends the reading."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._values: dict[KeyPath, Position] = {}
        self._keys: dict[KeyPath, Position] = {}
        self._errors: list[SettingsError] = []
        self._open: list[_Open] = []
        self._root: Any = None
        self._documents = 0

    def build(self, text: str) -> Document:
        for event in self._events(text):
            self._take(event)
        if self._errors:
            raise SettingsErrors(self._errors)
        if not isinstance(self._root, dict) or not self._root:
            found = show_value(self._root)
            self._stop(
                "holds no settings", found, "a mapping of settings", "start from an existing file", Position(1, 1)
            )
        return Document(self._file, self._root, self._values, self._keys)

    def _events(self, text: str) -> Iterator[Any]:
        try:
            yield from yaml.parse(text, Loader=_Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            position = Position(mark.line + 1, mark.column + 1) if mark else self._position_of_character(error, text)
            line = text.splitlines()[position.line - 1].rstrip() if position.line <= len(text.splitlines()) else ""
            problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
            remedy = "indent with spaces" if "\t" in line else "check indentation, colons, brackets and quotes"
            self._stop("is not well-formed YAML", f"{problem}: {line.strip()[:60]!r}", "YAML 1.2", remedy, position)

    def _position_of_character(self, error: yaml.YAMLError, text: str) -> Position:
        before = text[: getattr(error, "position", 0)]
        return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))

    def _take(self, event: Any) -> None:
        position = Position(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop("holds several documents", "a second ---", "one document", "split the file", position)
        elif isinstance(event, yaml.AliasEvent):
            self._fail_here("is an alias", f"*{event.anchor}", "values written out", "repeat the value", position)
            self._place(None, position)
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_decoration(event, position)
            self._scalar(event, position)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse_decoration(event, position)
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], position)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _refuse_decoration(self, event: Any, position: Position) -> None:
        if event.anchor:
            remedy = "use service_defaults for what services share"
            self._fail_here("has an anchor", f"&{event.anchor}", "values written out", remedy, position)
        if event.tag and event.tag != "!":
            self._fail_here("has a type tag", event.tag, "plain values", "remove the tag", position)

    def _scalar(self, event: Any, position: Position) -> None:
        try:
            value = read_scalar(event.value, plain=not event.style)  # None or "", by parser
        except ScalarRefusedError as refused:
            value = event.value
            self._fail_here(refused.problem, event.value[:60], refused.allowed, refused.remedy, position)
        self._place(value, position)

    def _start(self, container: dict[str, Any] | list[Any], position: Position) -> None:
        if len(self._open) >= DEEPEST_NESTING:
            allowed = f"{DEEPEST_NESTING} levels"
            self._stop("is nested too deeply", f"level {len(self._open) + 1}", allowed, "close some brackets", position)
        path = self._place(container, position)
        self._open.append(_Open(container, path))

    def _place(self, value: Any, position: Position) -> KeyPath:
        """Put a value where it belongs: document root, list item, mapping key, or value of the waiting key."""
        if not self._open:
            self._root = value
            return self._note((), position)
        parent = self._open[-1]
        if isinstance(parent.container, list):
            parent.container.append(value)
            return self._note((*parent.path, len(parent.container) - 1), position)
        if parent.key is None:
            return self._take_key(parent, value, position)
        path = (*parent.path, parent.key)
        parent.container[parent.key] = value
        parent.key = None
        return self._note(path, position)

    def _note(self, path: KeyPath, position: Position) -> KeyPath:
        self._values[path] = position
        return path

    def _take_key(self, parent: _Open, key: Any, position: Position) -> KeyPath:
        if not isinstance(key, str):
            self._fail_here("has a key that is not text", str(key)[:60], "text", "put the key in quotes", position)
            key = str(key)
        path = (*parent.path, key)
        first = self._keys.get(path)
        if first:
            found = f"first in line {first.line}"
            self._fail("is written twice", found, "each key once", "remove one of the two", position, path)
        self._keys.setdefault(path, position)
        parent.key = key
        return path

    def _fail_here(self, problem: str, found: str, allowed: str, remedy: str, position: Position) -> None:
        parent = self._open[-1] if self._open else None
        path: KeyPath = parent.path if parent else ()
        if parent and isinstance(parent.container, list):
            path = (*path, len(parent.container))
        elif parent and parent.key is not None:
            path = (*path, parent.key)
        self._fail(problem, found, allowed, remedy, position, path)

    def _fail(
        self, problem: str, found: str, allowed: str, remedy: str, position: Position, path: KeyPath = ()
    ) -> None:
        self._errors.append(make_error(self._file, path, position, problem, found, allowed, remedy))

    def _stop(self, problem: str, found: str, allowed: str, remedy: str, position: Position) -> NoReturn:
        self._fail(problem, found, allowed, remedy, position)
        raise SettingsErrors(self._errors)
