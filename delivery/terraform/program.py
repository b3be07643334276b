"""Which terraform we run: the one on PATH, if it is new enough."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from delivery.errors import UserError
from delivery.processes.supervised import TimedOutError, run_supervised
from delivery.terraform.versions import Version

OLDEST_VERSION = Version((1, 11, 0))  # write-only arguments (secret_string_wo) and S3 use_lockfile without a flag
VERSION_TIMEOUT_SECONDS = 30.0
INSTALL = "Install it from https://developer.hashicorp.com/terraform/install and put it on PATH"


@dataclass(frozen=True)
class Program:
    """An executable, its version, and the platform name that its providers are built for (`linux_amd64`)."""

    path: Path
    version: Version
    platform: str


def find_terraform(environment: Mapping[str, str]) -> Program:
    """Raises UserError when PATH holds no terraform, one that does not answer, or one that is too old."""
    found = shutil.which("terraform", path=environment.get("PATH", os.defpath))
    if found is None:
        raise UserError("terraform is not on PATH", allowed=f"{OLDEST_VERSION} or newer", mend=INSTALL)
    lines: list[str] = []
    try:
        completed = run_supervised(
            [found, "version", "-json"],
            cwd=Path(found).parent,
            environment=terraform_environment(environment),
            timeout_seconds=VERSION_TIMEOUT_SECONDS,
            on_line=lines.append,
        )
        answer = json.loads("".join(lines))
        program = Program(Path(found), Version.parse(answer["terraform_version"]), str(answer["platform"]))
    except (TimedOutError, ValueError, KeyError, TypeError) as error:
        raise UserError("not a working terraform", found, str(error), mend=INSTALL) from error
    if completed.exit_code != 0 or program.version < OLDEST_VERSION:
        raise UserError("terraform is too old", found, str(program.version), f"{OLDEST_VERSION} or newer", INSTALL)
    return program


def terraform_environment(base: Mapping[str, str]) -> dict[str, str]:
    """`base` made fit for a program: no questions, no network look-ups of its own, fewer garbage collections.

    Variables that would change what we ask for (TF_CLI_ARGS*, TF_DATA_DIR, TF_WORKSPACE) are left out, and so is a
    TF_CLI_CONFIG_FILE that names no file: terraform would open every output with a warning about it.
    """
    dropped = {"TF_DATA_DIR", "TF_WORKSPACE", "TF_REATTACH_PROVIDERS"}
    kept = {name: value for name, value in base.items() if name not in dropped and not name.startswith("TF_CLI_ARGS")}
    if not Path(kept.get("TF_CLI_CONFIG_FILE") or "/").is_file():
        kept.pop("TF_CLI_CONFIG_FILE", None)
    return kept | {"GOGC": "400", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
