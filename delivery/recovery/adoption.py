"""Things that AWS has and the state does not know, because the run that made them died: they become the state's.

Terraform writes its state to S3 when something has changed, at most every 20 seconds, and at the end (version 1.11.4,
internal/backend/local/hook_state.go, read on 2026-11-26), so a run that is killed loses what it made since. `adopt`
looks for everything that a plan would create and plans to import what is there. Imports are part of the plan: they are
shown, gated and applied like everything else. What AWS carries out after that look ends the run with `already exists`;
the next one adopts it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.aws import Clients
from delivery.errors import UserError
from delivery.recovery.kinds import LOOKUPS
from delivery.recovery.lookup import Values, found_ids
from delivery.terraform.workspace import Workspace

ADOPTION_FILE = "adopt.tf.json"
MOST_ROUNDS = 5  # gateway -> route, load balancer -> listener -> rule: a chain of four, and one that finds nothing


@dataclass(frozen=True)
class Missing:
    """A resource that a plan would create: its address, its kind, and what is known of it."""

    address: str
    kind: str
    values: Values


@dataclass(frozen=True)
class Adoption:
    """What to import: address -> import id."""

    imports: Mapping[str, str]

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


def adopt(workspace: Workspace, plan: Callable[[], Mapping[str, Any]], clients: Clients) -> Adoption:
    """Plan until nothing more is found; the last plan imports everything that was.

    plan: makes the plan anew and returns it as `terraform show -json` does. The import blocks stay in the workspace
    until `end_adoption`, because the apply of a plan reads its configuration again.
    """
    imports: dict[str, str] = {}
    for _ in range(MOST_ROUNDS):
        found = find(missing_of(plan()), clients)
        if not found:
            break
        imports.update(found)
        _write(workspace, Adoption(imports))
    return Adoption(imports)


def end_adoption(workspace: Workspace) -> None:
    """The imports are done: without this a later plan would ask for them again."""
    (workspace.folder / ADOPTION_FILE).unlink(missing_ok=True)


def _write(workspace: Workspace, adoption: Adoption) -> None:
    file = workspace.folder / ADOPTION_FILE
    temporary = file.with_name(f"{file.name}.new")
    temporary.write_text(json.dumps(adoption.blocks, indent=2) + "\n", encoding="utf-8")
    temporary.replace(file)
