"""Places inside a value that look like a credential."""

from collections.abc import Iterator
from typing import Any

from policies.graph.documents import decode_text
from policies.graph.templates import TemplateError, escape, parts
from policies.secrets import known_shape, secret_in, sounds_secret


def sightings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Where something inside a value looks like a credential, and what it looks like; JSON in texts is looked into."""
    pending = [(value, path, path)]
    while pending:
        item, where, name = pending.pop()
        if isinstance(item, str):
            inner = _json(item)
            if what := _looks_like(name, item) if inner is None else "":
                yield where, what
            item = inner
        if isinstance(item, dict):
            pending.extend((inner, f"{where}.{key}".lstrip("."), key) for key, inner in item.items() if key != "//")
        elif isinstance(item, list):
            pending.extend((inner, f"{where}[{index}]", name) for index, inner in enumerate(item))


def _looks_like(name: str, text: str) -> str:
    template = text if _is_whole(text) else escape(text)  # a broken template is an error of the graph, here a text
    return known_shape(template) or (secret_in(name, template) if sounds_secret(name) else "")


def _is_whole(text: str) -> bool:
    try:
        parts(text)
    except TemplateError:
        return False
    return True


def _json(text: str) -> Any:
    """What a JSON text holds, None for other texts."""
    if not text.startswith(("{", "[")):
        return None
    try:
        found = decode_text(text)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None
