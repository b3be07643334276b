"""Values of findings as plain JSON values and as one line of text."""

import json
from typing import Any


def plain(value: Any) -> Any:
    """The value with tuples and sets as lists and anything unusual as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def in_words(value: Any, limit: int = 300) -> str:
    """The value for a reader: `nothing` for None, texts as they are, the rest as JSON, cut at `limit` characters."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= limit else text[: limit - 1] + "…"
