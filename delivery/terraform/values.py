"""Values of a plan or state with what Terraform says about them: sensitive, unknown. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

Json = Any
LONGEST_VALUE = 60


class Marker(Enum):
    """What stands for a value that cannot, or may not, be shown."""

    UNKNOWN = "(known after apply)"
    SENSITIVE = "(sensitive)"
    SAME_JSON = "(the same JSON, written otherwise)"


def shown(value: Json) -> str:
    """A value on one line of bounded length."""
    if isinstance(value, Marker):
        return value.value
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=lambda marker: marker.value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."


def shown_path(steps: Iterable[str | int]) -> str:
    """`["rule", 0, "id"]` as `rule[0].id`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


@dataclass(frozen=True)
class Side:
    """A value with its marks: true for the whole of it, or maps and lists of them for its parts."""

    value: Json
    sensitive: Json = None
    unknown: Json = None

    @property
    def known(self) -> Json:
        """The value, or what stands for it."""
        if is_marked(self.sensitive):
            return Marker.SENSITIVE
        return Marker.UNKNOWN if is_marked(self.unknown) else self.value

    def at(self, step: str | int) -> "Side":
        return Side(_part(self.value, step), _part_of_mark(self.sensitive, step), _part_of_mark(self.unknown, step))

    @property
    def unknown_keys(self) -> list[str]:
        """The attributes of which something is unknown."""
        marks = self.unknown if isinstance(self.unknown, dict) else {}
        return [key for key, mark in marks.items() if is_marked(mark)]

    @property
    def items(self) -> list["Side"]:
        return [self.at(index) for index in range(len(self.value))]


def is_nothing(value: Json) -> bool:
    """Whether a value says nothing: providers write null, "", [] and {} for the same. 0 and false say something."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are one; true is not 1."""
    return canonical(one) == canonical(other)


def canonical(value: Json) -> str:
    """A text that equal JSON values share."""
    return json.dumps(value, sort_keys=True, default=lambda marker: marker.value)


def _part(value: Json, step: str | int) -> Json:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int):
        return value[step] if step < len(value) else None
    return None


def _part_of_mark(mark: Json, step: str | int) -> Json:
    return True if mark is True else _part(mark, step)


def is_marked(mark: Json) -> bool:
    """Whether a mark says yes anywhere in it."""
    if isinstance(mark, dict):
        return any(is_marked(inner) for inner in mark.values())
    if isinstance(mark, list):
        return any(is_marked(inner) for inner in mark)
    return mark is True
