"""Why a plan wants to change what it wants to change: one line per resource. Pure.

Source of the format: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
(checked 2026-11-22).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from delivery.terraform.differences import differences
from delivery.terraform.values import shown_path


def explain_changes(plan: Mapping[str, Any]) -> list[str]:
    """One line per resource and changed output of `terraform show -json PLAN`: what happens to it, and why."""
    lines = []
    for resource in plan.get("resource_changes", ()):
        change = resource["change"]
        actions = "/".join(change["actions"])
        if actions not in ("no-op", "read"):
            lines.append(": ".join([f"{actions} {resource['address']}", *filter(None, ["; ".join(_reasons(change))])]))
    for name, change in plan.get("output_changes", {}).items():
        if change["actions"] != ["no-op"]:
            lines.append(f"{'/'.join(change['actions'])} output {name}")
    return lines


def forcing(change: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths whose change forces a replacement; () where nothing is replaced."""
    return tuple(shown_path(path) for path in change.get("replace_paths") or ())


def _reasons(change: Mapping[str, Any]) -> Iterator[str]:
    """What forces a replacement, or else everything that differs."""
    forced = forcing(change)
    yield from (str(each) for each in differences(change) if not forced or _is_at(each.path, forced))


def _is_at(path: str, places: tuple[str, ...]) -> bool:
    """Whether a path is one of these, or lies below it."""
    return any(path == place or path.startswith((f"{place}.", f"{place}[", f"{place}{{")) for place in places)
