"""Before and after of a plan as graphs: what AWS has now, and what the plan makes of it. Pure."""

from collections.abc import Mapping
from typing import Any

from delivery.errors import UserError
from delivery.terraform.repeats import SHOWN, without_repeats
from policies.errors import GateError
from policies.graph import Graph
from policies.graph.plan import load_plan
from policies.graph.state import load_shown_state


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

    What only repeats separate resources is left out of both.
    """
    try:
        return _before_and_after(shown)
    except (GateError, AttributeError, TypeError) as error:
        raise UserError("a plan of another shape", "plan", str(error)) from error


def _before_and_after(shown: Mapping[str, Any]) -> tuple[Graph, Graph]:
    plain = without_repeats(shown)
    prior = (plain.get("prior_state") or {}).get("values") or {}
    return load_shown_state({"values": prior}, SHOWN, None), load_plan(plain, SHOWN, None)


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
