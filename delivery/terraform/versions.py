"""Terraform's version numbers and version constraints, as far as providers in a mirror folder need them.

Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints (checked 2026-11-22).
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Any

_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_CONDITION = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*(\S+)\s*")
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


@total_ordering
@dataclass(frozen=True)
class Version:
    """major.minor.patch, ordered; a pre-release comes before its release."""

    numbers: tuple[int, int, int]
    prerelease: str = ""
    given_parts: int = field(default=3, compare=False)

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Raises ValueError for anything that is not one to three numbers with an optional pre-release."""
        match = _VERSION.fullmatch(text.strip())
        if not match:
            raise ValueError(f"not a version: {text!r}")
        parts = [int(part) for part in match.groups()[:3] if part is not None]
        padded = [*parts, 0, 0][:3]
        return cls((padded[0], padded[1], padded[2]), match.group(4) or "", len(parts))

    def __lt__(self, other: "Version") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[tuple[int, int, int], bool, str]:
        return self.numbers, not self.prerelease, self.prerelease

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers)) + (f"-{self.prerelease}" if self.prerelease else "")


def admits(constraint: str, version: Version) -> bool:
    """Whether a comma-separated constraint such as `>= 6.25, < 7` allows the version.

    An empty constraint allows every release; a pre-release is allowed only where a condition names exactly it.
    Raises ValueError for a constraint that Terraform would refuse.
    """
    conditions = [_condition(part) for part in constraint.split(",")] if constraint.strip() else []
    if version.prerelease and not any(sign == "=" and bound == version for sign, bound in conditions):
        return False
    return all(_holds(sign, bound, version) for sign, bound in conditions)


def _condition(text: str) -> tuple[str, Version]:
    match = _CONDITION.fullmatch(text)
    if not match:
        raise ValueError(f"not a version constraint: {text!r}")
    return match.group(1) or "=", Version.parse(match.group(2))


def _holds(sign: str, bound: Version, version: Version) -> bool:
    if sign == "~>":  # only the last given part may grow: ~> 5.1 is >= 5.1, < 6; ~> 5.1.2 is >= 5.1.2, < 5.2
        fixed = bound.given_parts - 1
        return version >= bound and version.numbers[:fixed] == bound.numbers[:fixed]
    return bool(_COMPARISONS[sign](version, bound))
