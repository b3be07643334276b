"""Things that AWS has and the state does not know, because the run that made them died: they become the state's.

Terraform writes its state to S3 when something has changed, at most every 20 seconds, and at the end (version 1.11.4,
internal/backend/local/hook_state.go, read on 2026-11-26), so a run that is killed loses what it made since. `adopt`
looks for everything that a plan would create and plans to import what is there. Imports are part of the plan: they are
shown, gated and applied like everything else. What AWS carries out after that look ends the run with `already exists`;
the next one adopts it.

A creation that was broken off leaves a tainted resource. Where Terraform would make the new one before it deletes that
(`create_before_destroy`, which everything that such a resource depends on inherits), the name is taken, and every
apply would fail: what was begun is kept instead, and the plan mends it in place.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.aws import Clients
from delivery.errors import UserError
from delivery.files import write_whole
from delivery.recovery.kinds import LOOKUPS
from delivery.recovery.lookup import Values, found_ids
from delivery.terraform.workspace import Workspace

ADOPTION_FILE = "adopt.tf.json"
MOST_ROUNDS = 6  # what was begun; gateway -> route, load balancer -> listener -> rule: a chain of four; nothing more


@dataclass(frozen=True)
class Missing:
    """A resource that a plan would create: its address, its kind, and what is known of it."""

    address: str
    kind: str
    values: Values


@dataclass(frozen=True)
class Adoption:
    """What to import: address -> import id. kept: addresses whose creation was broken off, and that stay."""

    imports: Mapping[str, str]
    kept: tuple[str, ...] = ()

    @property
    def blocks(self) -> dict[str, Any]:
        """As Terraform reads it: https://developer.hashicorp.com/terraform/language/import (checked 2026-11-26)."""
        return {"import": [{"to": address, "id": id_} for address, id_ in sorted(self.imports.items())]}


def missing_of(plan: Mapping[str, Any]) -> list[Missing]:
    """What a plan (`terraform show -json`) would create anew; a replacement is no such thing."""
    return [
        Missing(change["address"], change["type"], change["change"]["after"] or {})
        for change in plan.get("resource_changes", ())
        if change["mode"] == "managed" and change["change"]["actions"] == ["create"] and not change.get("deposed")
    ]


def begun_of(plan: Mapping[str, Any]) -> list[str]:
    """What a plan would make anew under a name that a broken-off creation of its own has taken."""
    return [
        change["address"]
        for change in plan.get("resource_changes", ())
        if change["change"]["actions"] == ["create", "delete"]
        and change.get("action_reason") == "replace_because_tainted"
        and change["type"] in LOOKUPS
        and LOOKUPS[change["type"]].needs != ("tags",)  # what is told by a tag alone may be there twice for a while
    ]


def find(missing: list[Missing], clients: Clients) -> dict[str, str]:
    """Address -> import id of what AWS has. UserError where it has one name more than once: we cannot choose."""
    found: dict[str, str] = {}
    for resource in missing:
        lookup = LOOKUPS.get(resource.kind)
        ids = found_ids(lookup, resource.values, clients) if lookup else []
        if len(ids) > 1:
            raise UserError(
                "AWS has it more than once, and the state knows none of them",
                resource.address,
                ", ".join(sorted(ids)),
                mend="Delete all but one of them, or all with paygate sweep, then deploy again",
            )
        if ids:
            found[resource.address] = ids[0]
    return found


def adopt(
    workspace: Workspace,
    plan: Mapping[str, Any],
    plan_anew: Callable[[], Mapping[str, Any]],
    keep: Callable[[str], None],
    clients: Clients,
) -> Adoption:
    """Plan until nothing more is found; the last plan imports everything that was.

    plan: the one at hand, as `terraform show -json` shows it; plan_anew: makes another and returns it in that form;
    keep: takes the taint from an address. The import blocks stay in the workspace until `end_adoption`, because the
    apply of a plan reads its configuration again.
    """
    imports: dict[str, str] = {}
    kept: list[str] = []
    for _ in range(MOST_ROUNDS):
        begun, found = begun_of(plan), find(missing_of(plan), clients)
        if not begun and not found:
            break
        for address in begun:
            keep(address)
        kept += begun
        if found:
            imports.update(found)
            write_whole(workspace.folder / ADOPTION_FILE, json.dumps(Adoption(imports).blocks, indent=2) + "\n")
        plan = plan_anew()
    return Adoption(imports, tuple(kept))


def end_adoption(workspace: Workspace) -> None:
    """The imports are done: without this a later plan would ask for them again."""
    (workspace.folder / ADOPTION_FILE).unlink(missing_ok=True)
