"""A plan to a graph: known values as planned, unknown ones as the expressions they will be computed from.

The configuration in a plan made from Terraform JSON holds the expressions as they were written; one made from HCL, or
from a module, says only which references an expression holds.
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
    items = [_completed(item, unknown, configuration) for item in _items(document, planned, path)]
    return evaluated_graph(iter(items), scope, path, "plan", companion, _providers(configuration, scope))


def _items(document: dict[str, Any], planned: dict[str, Any], path: Path) -> Iterator[Evaluated]:
    """Planned resources, and the data sources that were read while planning, which only the prior state shows."""
    after = list(shown_resources(planned.get("root_module", {}), path))
    yield from after
    addresses = {item.address for item in after}
    prior = shaped(document.get("prior_state") or {}, dict, path, "prior_state")
    values = shaped(prior.get("values") or {}, dict, path, "values of prior_state")
    for item in shown_resources(values.get("root_module", {}), path):
        if item.mode == "data" and item.address not in addresses:
            yield item


def _unknown_values(document: dict[str, Any], path: Path) -> Iterator[tuple[str, Unknown]]:
    for change in shaped(document.get("resource_changes", []), list, path, "resource_changes"):
        change = shaped(change, dict, path, "a change")
        unknown = shaped(change.get("change"), dict, path, "a change").get("after_unknown")
        yield str(change.get("address")), unknown


def _variables(document: dict[str, Any], path: Path) -> dict[str, Any]:
    table = shaped(document.get("variables", {}), dict, path, "variables")
    return {name: escaped(item["value"]) for name, item in table.items() if isinstance(item, dict) and "value" in item}


def _completed(item: Evaluated, unknown: Mapping[str, Unknown], configuration: Configuration) -> Evaluated:
    expressions = configuration.expressions(item.base)
    return replace(item, values=_overlay(escaped(item.values), unknown.get(item.address), expressions))


def _overlay(known: Any, unknown: Unknown, expression: Any) -> Any:
    """The known value with each unknown part replaced by its expression, as far as anything is known of it."""
    if unknown is True:
        return _expression(expression)
    if isinstance(unknown, dict):
        table = dict(known) if isinstance(known, dict) else {}
        for key, inner in unknown.items():
            value = _overlay(table.get(key), inner, _inner(expression, key))
            if value is not None:
                table[key] = value
        return table
    if isinstance(unknown, list) and isinstance(known, list):
        if _is_leaf(expression) and any(unknown):
            return _whole_list(known, _expression(expression))
        return [
            _overlay(value, part, _inner(expression, index))
            for index, (value, part) in enumerate(zip(known, unknown, strict=False))
        ]
    return known


def _whole_list(known: list[Any], written: Any) -> list[Any]:
    """A list of which some items are unknown: as it is written, or the known items and the expression of the rest."""
    if isinstance(written, list) and len(written) == len(known):
        return written
    return [item for item in known if item is not None] + [written]


def _expression(expression: Any) -> Any:
    """What stands for an unknown value; None for one that the provider computes and nobody configured."""
    if not expression:
        return None
    if not _is_leaf(expression):
        return _rebuilt(expression)
    if "constant_value" in expression:
        return expression["constant_value"]
    found = expression.get("references", [])
    if len(found) == 1:
        return f"${{{found[0]}}}"
    return f"${{unknown({', '.join(found)})}}" if found else None


def _rebuilt(expression: Any) -> Any:
    """Nested blocks of which everything is unknown, from their expressions."""
    if isinstance(expression, list):
        return [_rebuilt(item) for item in expression]
    if isinstance(expression, dict):
        return {key: _expression(item) for key, item in expression.items()}
    return expression


def _inner(expression: Any, key: str | int) -> Any:
    """One step down; a block written as an object is also the first of its list."""
    if isinstance(expression, dict):
        return expression.get(key) if isinstance(key, str) else expression if key == 0 else None
    if isinstance(expression, list) and isinstance(key, int):
        return expression[key] if key < len(expression) else None
    return None


def _is_leaf(expression: Any) -> bool:
    return isinstance(expression, dict) and ("references" in expression or "constant_value" in expression)


def _providers(configuration: Configuration, scope: Scope) -> list[Resource]:
    found = []
    for block in configuration.providers():
        values = _rebuilt(block.get("expressions", {}))
        alias = block.get("alias")
        name = str(block.get("name", ""))
        address = f"provider.{name}" + (f".{alias}" if isinstance(alias, str) else "")
        found.append(Resource(address, "provider", name, str(alias or ""), values, scope))
    return found
