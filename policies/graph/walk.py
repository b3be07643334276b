"""Walking nested values without recursion, so that depth and size cost only time."""

from collections.abc import Iterator
from typing import Any


def strings(value: Any) -> Iterator[str]:
    """Every text inside a value, in order, without keys of maps and `//` comments of synthesized JSON."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            pending.extend(inner for key, inner in reversed(item.items()) if key != "//")
        elif isinstance(item, list | tuple):
            pending.extend(reversed(item))
