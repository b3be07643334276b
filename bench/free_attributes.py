"""The reviewed list of attributes that no rule needs to look at: policies/free_attributes.yaml."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.attribute_changes import DROPPED, REPLACED, Change
from policies.yaml_file import read_checked_yaml

FREE_ATTRIBUTES = Path(__file__).parent.parent / "policies" / "free_attributes.yaml"
SCHEMA = FREE_ATTRIBUTES.with_suffix(".schema.json")


@dataclass(frozen=True)
class Free:
    """A line of the list. `*` stands for any text in `type` and `attribute`; an index is written `[]`.

    changes: the ways of changing that are free; attribute "": the whole resource
    """

    type: str
    attribute: str
    reason: str
    reviewed: str
    changes: tuple[str, ...] = (REPLACED, DROPPED)

    def covers(self, change: Change) -> bool:
        """Whether this line says that nobody needs to notice the change."""
        return change.how in self.changes and self._expression.fullmatch(f"{change.kind} {change.pattern}") is not None

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(".*".join(map(re.escape, f"{self.type} {self.attribute}".split("*"))))

    def __str__(self) -> str:
        ways = "" if len(self.changes) > 1 else f" {self.changes[0]}"
        return f"{self.type} {self.attribute or '(all of it)'}{ways}"


def free_attributes(path: Path = FREE_ATTRIBUTES) -> tuple[Free, ...]:
    """The list, checked against its schema. GateError when it breaks it."""
    rows = read_checked_yaml(path, json.loads(SCHEMA.read_text(encoding="utf-8")))["free"]
    return tuple(
        Free(row["type"], attribute, group["reason"], group["reviewed"], tuple(row.get("changes", (REPLACED, DROPPED))))
        for group in rows
        for row in group["attributes"]
        for attribute in row["paths"]
    )


def unlisted(changes: Iterable[Change], free: Iterable[Free]) -> tuple[Change, ...]:
    """The changes that no line covers."""
    lines = tuple(free)
    return tuple(change for change in changes if not any(line.covers(change) for line in lines))


def unused(changes: Iterable[Change], free: Iterable[Free]) -> tuple[Free, ...]:
    """The lines that cover none of the changes: those attributes are noticed, or gone."""
    missed = tuple(changes)
    return tuple(line for line in free if not any(line.covers(change) for change in missed))
