"""What a plan does to each resource and output, and why. Pure.

Source of the format: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from delivery.terraform.changes import forcing
from delivery.terraform.differences import Difference, differences
from delivery.terraform.values import Marker, is_nothing

UNEXPLAINED = "the form or the order of something, or what nobody may see"


class Action(StrEnum):
    """In the order of what a reader has to look at first."""

    DESTROYED = "destroyed"
    REPLACED = "replaced"
    FORGOTTEN = "forgotten"
    CHANGED = "changed"
    MOVED = "moved"
    IMPORTED = "imported"
    ADDED = "added"


_ACTIONS = {
    ("create",): Action.ADDED,
    ("update",): Action.CHANGED,
    ("delete",): Action.DESTROYED,
    ("delete", "create"): Action.REPLACED,
    ("create", "delete"): Action.REPLACED,
    ("forget",): Action.FORGOTTEN,
    ("create", "forget"): Action.REPLACED,
}


@dataclass(frozen=True)
class Change:
    """One resource, or one output. differences: sensitive values in it are markers.

    forced_by: paths, or the reason, for a replacement; moved_from: its old address; imported_id: what it is imported by
    """

    address: str
    action: Action
    differences: tuple[Difference, ...] = ()
    forced_by: tuple[str, ...] = ()
    moved_from: str = ""
    imported_id: str = ""

    @property
    def is_unexplained(self) -> bool:
        """Terraform changes it, and no difference is left to tell."""
        return self.action is Action.CHANGED and not self.differences


@dataclass(frozen=True)
class Summary:
    """changes: resources, by action and address. partial: the plan was limited to some resources."""

    changes: tuple[Change, ...]
    outputs: tuple[Change, ...]
    partial: bool = False

    def of(self, action: Action) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action is action)

    @property
    def counts(self) -> dict[Action, int]:
        """Only of what happens at all."""
        return {action: len(found) for action in Action if (found := self.of(action))}

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.outputs


def summarize(shown: Mapping[str, Any]) -> Summary:
    """Of a checked plan (`graphs.checked`)."""
    changes = [change for item in shown.get("resource_changes") or () if (change := _change(item))]
    outputs = [change for item in (shown.get("output_changes") or {}).items() if (change := _output(*item))]
    order = list(Action)
    return Summary(
        changes=tuple(sorted(changes, key=lambda change: (order.index(change.action), change.address))),
        outputs=tuple(sorted(outputs, key=lambda change: change.address)),
        partial=shown.get("complete") is False,
    )


def _change(item: Mapping[str, Any]) -> Change | None:
    """None for what stays as it is and for data sources, which are only read."""
    change = item["change"]
    moved_from = str(item.get("previous_address") or "")
    imported_id = str((change.get("importing") or {}).get("id") or "")
    action = _ACTIONS.get(tuple(change["actions"]))
    if action is None and change["actions"] == ["no-op"]:
        action = Action.IMPORTED if imported_id else Action.MOVED if moved_from else None
    if action is None or item.get("mode") == "data":
        return None
    address = str(item["address"])
    deposed = f" (deposed {item['deposed']})" if item.get("deposed") else ""
    return Change(
        address=address + deposed,
        action=action,
        differences=tuple(_telling(change, action)),
        forced_by=tuple(_forced_by(item)) if action is Action.REPLACED else (),
        moved_from=moved_from,
        imported_id=imported_id,
    )


def _telling(change: Mapping[str, Any], action: Action) -> Iterator[Difference]:
    """Without nothing in another form and, where something is replaced, without what AWS computes anew."""
    forced = forcing(change)
    for each in differences(change):
        computed = action is Action.REPLACED and each.after is Marker.UNKNOWN and each.path not in forced
        if not (computed or (is_nothing(each.before) and is_nothing(each.after))):
            yield each


# What Terraform calls the reasons that are no attribute: jsonplan's action_reason (1.11).
_REASONS = {
    "replace_because_tainted": "the last apply left it half made (tainted)",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "replace_triggered_by asks for it",
}


def _forced_by(item: Mapping[str, Any]) -> Iterator[str]:
    yield from forcing(item["change"])
    if reason := _REASONS.get(str(item.get("action_reason"))):
        yield reason


def _output(name: str, change: Mapping[str, Any]) -> Change | None:
    action = _ACTIONS.get(tuple(change["actions"]))
    if action is None:
        return None
    each = {key: {"": change.get(key)} for key in ("before", "after", "after_unknown")}
    marks = {key: {"": change.get(key)} for key in ("before_sensitive", "after_sensitive")}
    return Change(name, action, tuple(differences({**each, **marks})))
