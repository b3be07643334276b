"""States that terraform could not write: it leaves them as `errored.tfstate` in its workspace, and nowhere else.

Until such a file is pushed, what was created meanwhile is in no state. So the next run of the stack looks for it before
it does anything else.
Source: https://developer.hashicorp.com/terraform/language/state/backends (state push, lineage and serial; 2026-11-26).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.state.at_work import state_path_of

UNWRITTEN_FILE = "errored.tfstate"
DONE_SUFFIX = ".done"  # appended when the file has been pushed, or holds nothing that the state lacks


@dataclass(frozen=True)
class State:
    """What decides between two states. addresses: of the managed resources; content: all of it but the serial."""

    lineage: str
    serial: int
    addresses: frozenset[str]
    content: Mapping[str, Any]

    @property
    def is_new(self) -> bool:
        """What the S3 backend answers before anything was ever written: no lineage, and nothing in it."""
        return not self.lineage and not self.addresses

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "State":
        """Raises ValueError when it is no Terraform state of version 4."""
        if state.get("version") != 4 or not isinstance(state.get("serial"), int):
            raise ValueError("no Terraform state of version 4")
        addresses = frozenset(
            ".".join(filter(None, (entry.get("module"), entry["type"], entry["name"])))
            for entry in state.get("resources", [])
            if entry.get("mode") == "managed" and entry.get("instances")
        )
        content = {name: state.get(name) for name in ("resources", "outputs")}
        return cls(str(state.get("lineage", "")), state["serial"], addresses, content)


def find_unwritten(runs_folder: Path, state: str) -> list[Path]:
    """Such files below a folder of runs, newest first.

    state: `bucket/key` of the state they belong to; the workspace that a file lies in says which one that is.
    """
    found = [file for file in runs_folder.rglob(UNWRITTEN_FILE) if state_path_of(file.parent) == state]
    return sorted(found, key=lambda file: (file.stat().st_mtime, str(file)), reverse=True)


def push_unwritten(
    file: Path, pull: Callable[[], Mapping[str, Any]], push: Callable[[Path], None], show_command: str
) -> str:
    """Bring one file's state into the backend, or find that it is there already; returns the line that says so.

    pull: the state in the backend, {} when there is none (`Terraform.pull_state`); push: `Terraform.push_state`.
    show_command: what shows the state, for the message. UserError, saying exactly what to do, when the file follows
    another state than the one in the backend and holds resources that this one lacks.
    """
    try:
        kept = State.of(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            "a state that could not be written cannot be read", str(file), f"{type(error).__name__}: {error}",
            "a Terraform state",
            "It may be cut off: look for leftovers with `paygate sweep`, then remove the file",
        ) from error  # fmt: skip
    pulled = pull()
    current = State.of(pulled) if pulled else None
    if current is None or current.is_new or (current.lineage == kept.lineage and current.serial < kept.serial):
        push(file)
        return _done(file, f"pushed the state that the last run could not write (serial {kept.serial})")
    lacking = sorted(kept.addresses - current.addresses)
    if not lacking:
        return _done(file, f"the state has moved on (serial {current.serial}) and lacks nothing of {file}")
    raise _does_not_fit(file, kept, current, lacking, show_command)


def _done(file: Path, line: str) -> str:
    file.replace(file.with_name(file.name + DONE_SUFFIX))
    return line


def _does_not_fit(file: Path, kept: State, current: State, lacking: list[str], show_command: str) -> UserError:
    same = kept.lineage == current.lineage
    differs = f"serial {kept.serial} of {current.serial}" if same else "another lineage"
    return UserError(
        "a state that could not be written does not fit the one in the backend",
        str(file),
        f"{differs}; only the file knows {', '.join(lacking)}",
        "the same lineage and a higher serial",
        f"Compare it with `{show_command}`; `terraform import` what exists of these (or delete it by hand), then "
        "remove the file and run again",
    )
