"""Walking nested values without recursion, so that depth and size cost only time."""

from collections.abc import Iterator
from typing import Any


def strings(value: Any) -> Iterator[str]:
    """Every text inside a value, keys of maps not included; the `//` comments of synthesized JSON are left out."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            pending.extend(inner for key, inner in item.items() if key != "//")
        elif isinstance(item, list):
            pending.extend(item)
