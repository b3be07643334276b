"""Why a plan wants to change what it wants to change: the attributes that differ. Pure.

Source of the format: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
(checked 2026-11-22).
"""

from collections.abc import Iterator, Mapping
from typing import Any

UNKNOWN = "(known after apply)"
SENSITIVE = "(sensitive)"
LONGEST_VALUE = 60


def explain_changes(plan: Mapping[str, Any]) -> list[str]:
    """One line per resource and changed output of `terraform show -json PLAN`: what happens to it, and why."""
    lines = []
    for resource in plan.get("resource_changes", ()):
        change = resource["change"]
        actions = "/".join(change["actions"])
        if actions not in ("no-op", "read"):
            lines.append(
                ": ".join([f"{actions} {resource['address']}", *filter(None, ["; ".join(_differences(change))])])
            )
    for name, change in plan.get("output_changes", {}).items():
        if change["actions"] != ["no-op"]:
            lines.append(f"{'/'.join(change['actions'])} output {name}")
    return lines


def _differences(change: Mapping[str, Any]) -> Iterator[str]:
    """`name: before -> after` for what forces a replacement or else for everything that differs."""
    before, after, unknown = (change.get(key) or {} for key in ("before", "after", "after_unknown"))
    if not before or not (after or unknown):
        return  # created or deleted: everything differs
    forcing = {str(path[0]) for path in change.get("replace_paths") or ()}
    for name in sorted(forcing or {*before, *after, *unknown}):
        old, new = before.get(name), UNKNOWN if unknown.get(name) else after.get(name)
        if old == new:
            continue
        if _is_sensitive(change, name):
            yield f"{name}: {SENSITIVE}"
        else:
            yield f"{name}: {_short(old)} -> {new if new is UNKNOWN else _short(new)}"


def _is_sensitive(change: Mapping[str, Any], name: str) -> bool:
    marks = (change.get("before_sensitive"), change.get("after_sensitive"))
    return any(isinstance(mark, Mapping) and bool(mark.get(name)) for mark in marks)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."
