"""A plan to a graph: known values as planned, unknown ones as the expressions they will be computed from.

A plan says of an unknown value only which references its expression holds. Where the Terraform JSON it was made from
lies beside it and holds the same references, the expression itself is taken from there.
Format: https://developer.hashicorp.com/terraform/internals/json-format (checked 2026-11-22).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.graph.evaluated import Evaluated, escaped, evaluated_graph, shaped, shown_resources
from policies.graph.graph import Graph
from policies.graph.plan_references import Configuration
from policies.graph.resource import Resource
from policies.graph.scope import Scope
from policies.graph.templates import TemplateError, references
from policies.graph.walk import strings

Unknown = Any  # True, or maps and lists of it, as in `after_unknown`


def load_plan(document: dict[str, Any], path: Path, companion: Graph | None) -> Graph:
    """The graph of `terraform show -json PLAN`: what will be there after apply, and the data sources it reads."""
    if document.get("errored"):
        raise GateError(
            "the plan ended in an error", str(path), remedy="Plan again; only a complete plan can be judged."
        )
    configuration = Configuration(shaped(document.get("configuration", {}), dict, path, "configuration"), path)
    unknown = dict(_unknown_values(document, path))
    scope = Scope(variables=_variables(document, path))
    planned = shaped(document["planned_values"], dict, path, "planned_values")
    items = [_completed(item, unknown, configuration, companion) for item in _items(document, planned, path)]
    return evaluated_graph(iter(items), scope, path, "plan", companion, _providers(configuration, scope))


def _items(document: dict[str, Any], planned: dict[str, Any], path: Path) -> Iterator[Evaluated]:
    """Planned resources, and the data sources that were read while planning, which only the prior state shows."""
    after = {item.address: item for item in shown_resources(planned.get("root_module", {}), path)}
    prior = shaped(document.get("prior_state") or {}, dict, path, "prior_state")
    values = shaped(prior.get("values") or {}, dict, path, "values of prior_state")
    for item in shown_resources(values.get("root_module", {}), path):
        if item.mode == "data":
            after.setdefault(item.address, item)
    yield from after.values()


def _unknown_values(document: dict[str, Any], path: Path) -> Iterator[tuple[str, Unknown]]:
    for change in shaped(document.get("resource_changes", []), list, path, "resource_changes"):
        change = shaped(change, dict, path, "a change")
        unknown = shaped(change.get("change"), dict, path, "a change").get("after_unknown")
        yield str(change.get("address")), unknown


def _variables(document: dict[str, Any], path: Path) -> dict[str, Any]:
    table = shaped(document.get("variables", {}), dict, path, "variables")
    return {name: escaped(item["value"]) for name, item in table.items() if isinstance(item, dict) and "value" in item}


def _completed(
    item: Evaluated, unknown: Mapping[str, Unknown], configuration: Configuration, companion: Graph | None
) -> Evaluated:
    expressions = configuration.expressions(item.base)
    source = companion.resources.get(item.base) if companion else None
    written = source.values if source else None
    known = escaped(item.values)
    return replace(item, values=_overlay(known, unknown.get(item.address), expressions, written))


def _overlay(known: Any, unknown: Unknown, expression: Any, written: Any) -> Any:
    """The known value with each unknown part replaced by its expression, as far as anything is known of it."""
    if unknown is True:
        return _expression(expression, written)
    if isinstance(unknown, dict):
        table = dict(known) if isinstance(known, dict) else {}
        for key, inner in unknown.items():
            value = _overlay(table.get(key), inner, _inner(expression, key), _inner(written, key))
            if value is not None:
                table[key] = value
        return table
    if isinstance(unknown, list) and isinstance(known, list):
        if _is_leaf(expression) and any(item is True for item in unknown):
            return _merged_list(known, _expression(expression, written))
        return [
            _overlay(value, part, _inner(expression, index), _inner(written, index))
            for index, (value, part) in enumerate(zip(known, unknown, strict=False))
        ]
    return known


def _merged_list(known: list[Any], computed: Any) -> list[Any]:
    """A list of which some items are unknown: the known items, and the expressions that give the others."""
    return [item for item in known if item is not None] + (computed if isinstance(computed, list) else [computed])


def _expression(expression: Any, written: Any) -> Any:
    """What stands for an unknown value; None for one that the provider computes and nobody configured."""
    if not expression:
        return None
    if not _is_leaf(expression):
        return _rebuilt(expression, written)
    if "constant_value" in expression:
        return escaped(expression["constant_value"])
    found = expression.get("references", [])
    if written is not None and _written_references(written) == set(found):
        return written
    if len(found) == 1:
        return f"${{{found[0]}}}"
    return f"${{unknown({', '.join(found)})}}" if found else None


def _rebuilt(expression: Any, written: Any) -> Any:
    """Nested blocks of which everything is unknown, from their expressions."""
    if isinstance(expression, list):
        return [_rebuilt(item, _inner(written, index)) for index, item in enumerate(expression)]
    return {key: _expression(item, _inner(written, key)) for key, item in expression.items()}


def _written_references(written: Any) -> set[str]:
    try:
        return {reference.text for text in strings(written) for reference in references(text)}
    except TemplateError:
        return set()


def _inner(value: Any, key: str | int) -> Any:
    """One step down; a block written as an object is also the first of its list."""
    if isinstance(value, dict):
        return value.get(key) if isinstance(key, str) else value if key == 0 else None
    if isinstance(value, list):
        if isinstance(key, int):
            return value[key] if key < len(value) else None
        return _inner(value[0], key) if len(value) == 1 else None
    return None


def _is_leaf(expression: Any) -> bool:
    return isinstance(expression, dict) and ("references" in expression or "constant_value" in expression)


def _providers(configuration: Configuration, scope: Scope) -> list[Resource]:
    found = []
    for block in configuration.providers():
        values = _rebuilt(block.get("expressions", {}), None)
        alias = block.get("alias")
        name = str(block.get("name", ""))
        address = f"provider.{name}" + (f".{alias}" if isinstance(alias, str) else "")
        found.append(Resource(address, "provider", name, str(alias or ""), values, scope))
    return found
