"""The folder terraform works in: the synthesized stack as it is, and beside it only what differs.

Source for what an override file may replace: https://developer.hashicorp.com/terraform/language/files/override
(checked 2026-11-22): `required_providers` entry by entry, `backend` as a whole.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.files import write_whole
from delivery.terraform.mirrors import Choice

STACK_FILE = "cdk.tf.json"
OVERRIDE_FILE = "override.tf.json"
STATE_FILE = "terraform.tfstate"
PLAN_FILE = "apply.tfplan"
REFRESH_FILE = "refresh.tfplan"
LOCK_FILE = ".terraform.lock.hcl"

_HASHES = re.compile(r"^ *hashes *= \[.*?\]\n", re.MULTILINE | re.DOTALL)

Backend = Mapping[str, Mapping[str, Any]]  # a `backend` block: its type -> its arguments
LOCAL_BACKEND: Backend = {"local": {"path": STATE_FILE}}  # the state lies in the workspace


@dataclass(frozen=True)
class Workspace:
    """A run folder that holds a copy of one synthesized stack."""

    folder: Path

    @property
    def stack_file(self) -> Path:
        return self.folder / STACK_FILE

    @property
    def plan_file(self) -> Path:
        return self.folder / PLAN_FILE

    @property
    def initialized(self) -> bool:
        """Whether terraform knows here where the state is kept."""
        return (self.folder / ".terraform").is_dir()

    def config(self) -> dict[str, Any]:
        return read_config(self.stack_file)

    def use_backend(self, choices: Sequence[Choice], backend: Backend) -> None:
        """Write the override file, whole or not at all; terraform has to be initialized after it."""
        _write_json(self.folder / OVERRIDE_FILE, override(choices, backend))

    def replace_config(self, config: Mapping[str, Any]) -> None:
        """Write the stack file anew, whole or not at all."""
        _write_json(self.stack_file, config)

    def forget_provider_hashes(self) -> None:
        """Keep of terraform's lock file which provider versions were selected; every command that starts a provider
        reads all of its 700 MB for the hash.
        Source: https://developer.hashicorp.com/terraform/language/files/dependency-lock (checked 2026-11-27).
        """
        file = self.folder / LOCK_FILE
        if file.is_file():
            write_whole(file, _HASHES.sub("", file.read_text(encoding="utf-8")))


def read_config(file: Path) -> dict[str, Any]:
    """The synthesized Terraform JSON. Raises UserError when the file is missing or is no JSON object."""
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError("no such file", str(file), allowed=f"a synthesized {STACK_FILE}") from error
    except ValueError as error:
        raise UserError("not JSON", str(file), str(error), f"a synthesized {STACK_FILE}") from error
    if not isinstance(config, dict):
        raise UserError("not a JSON object", str(file), type(config).__name__, f"a synthesized {STACK_FILE}")
    return config


def prepare_workspace(
    stack_file: Path, folder: Path, choices: Sequence[Choice], backend: Backend = LOCAL_BACKEND
) -> Workspace:
    """Copy the stack's folder (assets included) to `folder`, which must not exist, and write the override file.

    The override says where the state is kept and, for a provider whose constraint excludes the version at hand, names
    that version.
    """
    read_config(stack_file)
    shutil.copytree(stack_file.parent, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    workspace = Workspace(folder)
    workspace.use_backend(choices, backend)
    return workspace


def override(choices: Sequence[Choice], backend: Backend) -> dict[str, Any]:
    """What of the stack's `terraform` block a run replaces."""
    block: dict[str, Any] = {"backend": backend}
    replaced = {
        choice.requirement.local_name: {"source": choice.requirement.source, "version": str(choice.version)}
        for choice in choices
        if not choice.admitted
    }
    if replaced:
        block["required_providers"] = replaced
    return {"terraform": block}


def _write_json(file: Path, value: Mapping[str, Any]) -> None:
    write_whole(file, json.dumps(value, indent=2) + "\n")
