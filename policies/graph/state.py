"""A state to a graph: what `terraform show -json` prints, and terraform.tfstate itself (version 4).

Format: https://developer.hashicorp.com/terraform/internals/json-format (checked 2026-11-22).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.graph.evaluated import (
    Evaluated,
    escaped,
    evaluated_graph,
    shaped,
    shown_resources,
    without_indexes,
)
from policies.graph.graph import Graph
from policies.graph.scope import Scope

_MODES = {"managed": "resource", "data": "data"}


def load_shown_state(document: dict[str, Any], path: Path, companion: Graph | None) -> Graph:
    """The graph of `terraform show -json` of a state."""
    values = shaped(document["values"], dict, path, "values")
    shown = shown_resources(values.get("root_module", {}), path)
    items = (replace(item, values=escaped(item.values)) for item in shown)
    return evaluated_graph(items, Scope(), path, "state", companion, [])


def load_raw_state(document: dict[str, Any], path: Path, companion: Graph | None) -> Graph:
    """The graph of a state file."""
    if document.get("version") != 4:
        raise GateError("a state of another version", str(path), found=repr(document.get("version")), allowed="4")
    blocks = shaped(document.get("resources", []), list, path, "resources")
    items = (item for block in blocks for item in _instances(shaped(block, dict, path, "a resource"), path))
    return evaluated_graph(items, Scope(), path, "state", companion, [])


def _instances(block: dict[str, Any], path: Path) -> Iterator[Evaluated]:
    mode, kind, name = (block.get(key) for key in ("mode", "type", "name"))
    if not (isinstance(kind, str) and isinstance(name, str) and mode in _MODES):
        raise GateError("a resource without mode, type and name", str(path), found=repr(block)[:80])
    base = f"{kind}.{name}" if mode == "managed" else f"data.{kind}.{name}"
    if module := block.get("module"):
        base = f"{module}.{base}"
    for instance in shaped(block.get("instances", []), list, path, f"instances of {base}"):
        instance = shaped(instance, dict, path, f"an instance of {base}")
        values = shaped(instance.get("attributes"), dict, path, f"attributes of {base}")
        address = base + _index(instance.get("index_key")) + _deposed(instance.get("deposed"))
        yield Evaluated(address, without_indexes(base), _MODES[mode], kind, name, escaped(values))


def _index(key: Any) -> str:
    if key is None:
        return ""
    return f'["{key}"]' if isinstance(key, str) else f"[{key}]"


def _deposed(key: Any) -> str:
    return f" (deposed {key})" if key else ""
