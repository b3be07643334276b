"""The two ways in which reading a value can fail. Both become errors of the verdict, never a pass."""

from dataclasses import dataclass
from typing import Any


@dataclass
class ReadError(Exception):
    """Something at `address`, `attribute` could not be read. The engine reports it for the rule that asked."""

    address: str
    attribute: str
    found: Any
    expected: str

    def __str__(self) -> str:
        return f"{self.address} {self.attribute}: found {shorten(self.found)}, expected {self.expected}"


class MalformedError(ReadError):
    """A value of the wrong type or shape, where Terraform would refuse it or nobody can say what it means."""


class UnresolvedError(ReadError):
    """An expression or reference whose value cannot be known from this source."""


def shorten(value: Any, limit: int = 160) -> str:
    """The value as one line of at most `limit` characters, for messages."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
