"""Mutants: small named edits of the real synthesized stack that a rule must notice.

An edit works in place on the decoded cdk.tf.json. Paths are those of the graph and go through JSON strings: on a task
definition, `container_definitions[0].privileged` decodes the string, edits and encodes it again.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from policies.graph.values import path_steps

Document = dict[str, Any]
Edit = Callable[[Document], None]


class MutantDoesNotFitError(Exception):
    """The stack has nothing at the mutant's path: the mutant is out of date."""


@dataclass(frozen=True)
class Mutant:
    """An edit, the address at which its rule must then have a finding, and other rules that may turn red with it.

    stack: the platform whose stack is edited
    """

    name: str
    edit: Edit
    at: str
    also: tuple[str, ...] = ()
    stack: str = "payments"


def put(address: str, path: str, value: Any) -> Edit:
    """Set an attribute; every step but the last must exist."""
    return lambda document: _edit(document, address, path, lambda holder, key: _assign(holder, key, value))


def drop(address: str, path: str = "") -> Edit:
    """Remove an attribute that exists, or the whole resource."""
    return lambda document: _edit(document, address, path, _remove)


def append(address: str, path: str, value: Any) -> Edit:
    """Add an item to a list that exists, also to one that is written as JSON text."""

    def add(holder: Any, key: str | int) -> None:
        held = _peek(holder, key)
        items = json.loads(held) if isinstance(held, str) else held
        if not isinstance(items, list):
            raise MutantDoesNotFitError(f"{address} has no list at {path}")
        items.append(copy.deepcopy(value))
        holder[key] = json.dumps(items) if isinstance(held, str) else items

    return lambda document: _edit(document, address, path, add)


def change(address: str, path: str, function: Callable[[Any], Any]) -> Edit:
    """Replace a value that exists by a function of it."""
    return lambda document: _edit(
        document, address, path, lambda holder, key: _assign(holder, key, function(_existing(holder, key)))
    )


def add(address: str, body: dict[str, Any]) -> Edit:
    """Declare a new resource."""

    def edit(document: Document) -> None:
        *names, last = _place(address)
        holder: Any = document
        for name in names:
            holder = holder.setdefault(name, {})
        if last in holder:
            raise MutantDoesNotFitError(f"{address} exists already")
        holder[last] = copy.deepcopy(body)

    return edit


def duplicate(address: str, name: str) -> Edit:
    """Declare a copy of a resource under another name: `duplicate("aws_ecs_service.a", "b")`."""

    def edit(document: Document) -> None:
        holder: Any = document
        *names, last = _place(address)
        for step in names:
            holder = holder.get(step, {})
        if last not in holder or name in holder:
            raise MutantDoesNotFitError(f"there is no {address}, or there is a {name} already")
        holder[name] = copy.deepcopy(holder[last])

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits as one."""

    def edit(document: Document) -> None:
        for each in edits:
            each(document)

    return edit


def mutated(document: Document, edit: Edit) -> Document:
    """An edited copy. MutantDoesNotFitError when the edit finds nothing to edit, or changes nothing."""
    changed = copy.deepcopy(document)
    edit(changed)
    if changed == document:
        raise MutantDoesNotFitError("the edit changes nothing")
    return changed


def _place(address: str) -> list[str]:
    """The keys that lead to `aws_x.y`, `data.aws_x.y` or `provider.aws` in the document."""
    names = address.split(".")
    return names if names[0] in ("data", "ephemeral", "provider") else ["resource", *names]


def _edit(document: Document, address: str, path: str, act: Callable[[Any, str | int], None]) -> None:
    steps: list[str | int] = [*_place(address), *path_steps(path)]
    try:
        _descend(document, steps, act)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise MutantDoesNotFitError(f"{address} has nothing at {path or 'that address'}: {error!r}") from error


def _descend(holder: Any, steps: list[str | int], act: Callable[[Any, str | int], None]) -> None:
    step = steps[0]
    if isinstance(holder, list) and isinstance(step, str):
        if len(holder) != 1:
            raise KeyError(f"{step} in one of {len(holder)} blocks: give an index")
        holder = holder[0]
    if isinstance(holder, dict) and step == 0 and 0 not in holder:
        _descend(holder, steps[1:], act)  # `block[0]` of a block written as an object
    elif len(steps) == 1:
        act(holder, step)
    elif isinstance(inner := holder[step], str):
        decoded = json.loads(inner)
        _descend(decoded, steps[1:], act)
        holder[step] = json.dumps(decoded)
    else:
        _descend(inner, steps[1:], act)


def _peek(holder: Any, key: str | int) -> Any:
    return holder.get(key) if isinstance(holder, dict) else holder[key]


def _existing(holder: Any, key: str | int) -> Any:
    return copy.deepcopy(holder[key])


def _assign(holder: Any, key: str | int, value: Any) -> None:
    holder[key] = copy.deepcopy(value)


def _remove(holder: Any, key: str | int) -> None:
    del holder[key]
