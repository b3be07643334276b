"""Before and after of a plan as graphs: what AWS has now, and what the plan makes of it. Pure."""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.terraform.repeats import repeated, stated
from policies.errors import GateError
from policies.graph import Graph
from policies.graph.plan import load_plan
from policies.graph.state import load_shown_state

SHOWN = Path("plan")  # what messages call the document


def checked(shown: Any, what: str = "a plan") -> Mapping[str, Any]:
    """The document, if it is what `terraform show -json PLAN` prints of a whole plan; else UserError."""
    allowed = "what `terraform show -json PLAN` prints"
    if not isinstance(shown, dict) or not isinstance(shown.get("planned_values"), dict):
        raise UserError(f"this is not {what}", "plan", _kind_of(shown), allowed)
    version = str(shown.get("format_version", ""))
    if not version.startswith("1."):
        raise UserError("a plan of another format", "plan", f"format_version {version or 'none'}", "1.x")
    if shown.get("errored"):
        raise UserError("the plan ended in an error", "plan", mend="Plan again.")
    for key in ("resource_changes", "resource_drift"):
        if not all(_is_change(item) for item in _listed(shown, key)):
            raise UserError(f"`{key}` is not a list of changes", "plan", allowed=allowed)
    return shown


def before_and_after(shown: Mapping[str, Any]) -> tuple[Graph, Graph]:
    """(what AWS has, what it will have). UserError where the document has another shape, ReadError where it is unclear.

    Where an attribute only repeats separate resources, the repetition is left out of both: a plan would carry a rule
    on that it deletes.
    """
    try:
        return _before_and_after(shown)
    except (GateError, AttributeError, TypeError) as error:
        raise UserError("a plan of another shape", "plan", str(error)) from error


def _before_and_after(shown: Mapping[str, Any]) -> tuple[Graph, Graph]:
    prior = (shown.get("prior_state") or {}).get("values") or {}
    before = load_shown_state({"values": prior}, SHOWN, None)
    twice = [
        (address, attribute, indexes)
        for (address, attribute), indexes in repeated(before).items()
        if indexes and not stated(shown, address, attribute)
    ]
    if not twice:
        return before, load_plan(dict(shown), SHOWN, None)
    held = {item.get("address"): item.get("values") or {} for item in resources_in(prior)}
    said = [(address, name, [held[address][name][index] for index in indexes]) for address, name, indexes in twice]
    plain = {"values": _without(prior, said)}
    planned = {**shown, "planned_values": _without(shown["planned_values"], said)}
    return load_shown_state(plain, SHOWN, None), load_plan(planned, SHOWN, None)


def resources_in(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of shown `values`, those of modules included."""
    pending = [values.get("root_module") or {}]
    while pending:
        module = pending.pop()
        yield from module.get("resources", [])
        pending.extend(module.get("child_modules", []))


def _without(values: Mapping[str, Any], said: list[tuple[str, str, list[Any]]]) -> dict[str, Any]:
    """A copy without the items that stand elsewhere."""
    left = copy.deepcopy(dict(values))
    held = {item.get("address"): item.get("values") or {} for item in resources_in(left)}
    for address, attribute, items in said:
        values_of = held.get(address, {})
        if isinstance(values_of.get(attribute), list):
            values_of[attribute] = [item for item in values_of[attribute] if item not in items]
    return left


def _listed(shown: Mapping[str, Any], key: str) -> list[Any]:
    found = shown.get(key) or []
    return found if isinstance(found, list) else [found]


def _is_change(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("address"), str)
        and isinstance(item.get("change"), dict)
        and isinstance(item["change"].get("actions"), list)
    )


def _kind_of(shown: Any) -> str:
    if not isinstance(shown, dict):
        return type(shown).__name__
    return "a state" if "values" in shown else "another JSON object"
