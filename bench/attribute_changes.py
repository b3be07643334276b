"""Every small change of a synthesized stack: each attribute replaced by another value of its kind, each one dropped.

Paths go through JSON strings, as those of mutants do: `container_definitions[0].privileged`.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Step = str | int

REPLACED, DROPPED = "replaced", "dropped"
# How many keys lead to a body, and what its type is called; a plan's or state's other blocks are not judged here.
NAMES_ABOVE = {"resource": 2, "data": 2, "provider": 1, "output": 1, "terraform": 0}
_GONE = object()
_REFERENCE = re.compile(r"\$\{(data\.)?(aws_\w+)\.([\w-]+)")
_CIDR = re.compile(r"\d+(\.\d+){3}/\d+")
_ZONE = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]?")
_INDEX = re.compile(r"\[\d+\]")
_OTHER_CIDRS = ("10.99.0.0/16", "0.0.0.0/0")


@dataclass(frozen=True)
class Change:
    """One edit: an attribute (or a whole body, path "") of `address` replaced or dropped.

    kind: the type as rules name it; path: with indexes, as the graph writes it; value: what takes its place
    """

    address: str
    kind: str
    path: str
    how: str
    steps: tuple[Step, ...]
    value: Any = None

    @property
    def pattern(self) -> str:
        """The path for any index: `setting[].value`."""
        return _INDEX.sub("[]", self.path)

    def __str__(self) -> str:
        return f"{self.address} {self.path or '(all of it)'} {self.how}" + (
            f" by {self.value!r}" if self.how == REPLACED else ""
        )


def changes(document: Document) -> Iterator[Change]:
    """Every change of every body, in the order of the document."""
    siblings = _siblings(document)
    for kind, address, steps, body in _bodies(document):
        if kind.startswith("aws_"):
            yield Change(address, kind, "", DROPPED, steps)
        for path, inner, value in _nodes(body, ""):
            yield Change(address, kind, path, DROPPED, (*steps, *inner))
            if not isinstance(value, dict | list):
                yield Change(address, kind, path, REPLACED, (*steps, *inner), _other(value, siblings))


def changed(document: Document, change: Change) -> Document:
    """The document after the change; what is not on the way to it is shared with the original."""
    new = _GONE if change.how == DROPPED else change.value
    result: Document = _with(document, change.steps, new)
    return result


def _with(value: Any, steps: tuple[Step, ...], new: Any) -> Any:
    if not steps:
        return new
    if isinstance(value, str):
        return json.dumps(_with(json.loads(value), steps, new))
    copy = value.copy()
    inner = _with(value[steps[0]], steps[1:], new)
    if inner is _GONE:
        del copy[steps[0]]
    else:
        copy[steps[0]] = inner
    return copy


def _bodies(document: Document) -> Iterator[tuple[str, str, tuple[Step, ...], Any]]:
    """Type, address, keys and content of every block."""
    for block, names_above in NAMES_ABOVE.items():
        for steps, body in _below(document.get(block, {}), names_above, (block,)):
            names = [str(step) for step in steps[1:]] if block == "resource" else [str(step) for step in steps]
            kind = ".".join(names[:-1]) if block in ("resource", "data") else ".".join(names[: 2 - (block == "output")])
            yield kind, ".".join(names), steps, body


def _below(value: Any, levels: int, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    if not levels:
        yield steps, value
        return
    for key, inner in value.items():
        yield from _below(inner, levels - 1, (*steps, key))


def _nodes(value: Any, path: str) -> Iterator[tuple[str, tuple[Step, ...], Any]]:
    """Every key and item inside a value: its path, its steps and its content, decoded where that is JSON text."""
    for key, inner in _entries(value):
        here = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".removeprefix(".")
        content = _decoded(inner)
        yield here, (key,), content
        for below, steps, deep in _nodes(content, here):
            yield below, (key, *steps), deep


def _entries(value: Any) -> Iterator[tuple[Step, Any]]:
    if isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, dict):
        yield from ((key, inner) for key, inner in value.items() if key != "//")


def _decoded(value: Any) -> Any:
    """The object or list that a text holds; any other value as it is."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _siblings(document: Document) -> dict[str, list[str]]:
    """The names of every type, data sources as `data.aws_x`."""
    found = {kind: list(named) for kind, named in document.get("resource", {}).items()}
    return found | {f"data.{kind}": list(named) for kind, named in document.get("data", {}).items()}


def _other(value: Any, siblings: dict[str, list[str]]) -> Any:
    """Another value of the same kind: what a slip of the hand would write, not what Terraform would refuse."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return _other_text(value, siblings) if isinstance(value, str) else "changed"


def _other_text(text: str, siblings: dict[str, list[str]]) -> str:
    if text in ("true", "false"):
        return "false" if text == "true" else "true"
    if text.isdecimal():
        return str(int(text) + 1)
    if _CIDR.fullmatch(text):
        return next(cidr for cidr in _OTHER_CIDRS if cidr != text)
    if _ZONE.fullmatch(text):
        return "us-west-2b" if text[-1].isalpha() else "us-west-2"
    return _referring_elsewhere(text, siblings) or f"{text}-changed"


def _referring_elsewhere(text: str, siblings: dict[str, list[str]]) -> str | None:
    """The template with its first reference led to another resource of the type; an outsider's id without another.

    None where there is no reference, or it is a part of a longer text and has no other resource to go to.
    """
    found = _REFERENCE.search(text)
    if not found:
        return None
    kind, name = (found.group(1) or "") + found.group(2), found.group(3)
    other = next((each for each in siblings.get(kind, []) if each != name), None)
    if other:
        return f"{text[: found.start(3)]}{other}{text[found.end(3) :]}"
    return "changed" if text.startswith("${") and text.index("}") == len(text) - 1 else None
