"""Where providers come from: a mirror folder if one holds them, else whatever `terraform init` finds by itself.

A mirror folder has the layout HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/ or HOST/NAMESPACE/TYPE/*_VERSION_OS_ARCH.zip.
Source: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror and, on the same page,
"Implied Local Mirror Directories" (checked 2026-11-22).
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.terraform.versions import Version, admits

PLUGIN_DIR_VARIABLE = "PAYGATE_PLUGIN_DIR"
ADD_ON_ROOT = Path("/opt")  # FHS 3.0, section 3.13: add-on packages, one folder each
DEFAULT_HOST = "registry.terraform.io"
DEFAULT_NAMESPACE = "hashicorp"
BUILT_IN_HOST = "terraform.io"


@dataclass(frozen=True)
class Requirement:
    """One entry of `required_providers`: its name in the JSON, HOST/NAMESPACE/TYPE, and the version constraint."""

    local_name: str
    source: str
    constraint: str


@dataclass(frozen=True)
class Choice:
    """The provider build to use: a version in a mirror folder. `admitted` tells whether the constraint allows it."""

    requirement: Requirement
    folder: Path
    version: Version
    admitted: bool


def requirements(config: Mapping[str, Any]) -> list[Requirement]:
    """The providers a Terraform JSON file asks for; those built into terraform are left out."""
    found = []
    for settings in _blocks(config.get("terraform")):
        for providers in _blocks(settings.get("required_providers")):
            for name, wanted in providers.items():
                entry = wanted if isinstance(wanted, Mapping) else {"version": wanted}
                source = _full_source(str(entry.get("source") or name))
                found.append(Requirement(name, source, str(entry.get("version") or "")))
    return [requirement for requirement in found if not requirement.source.startswith(f"{BUILT_IN_HOST}/")]


def search_folders(option: Path | None, environment: Mapping[str, str], add_on_root: Path = ADD_ON_ROOT) -> list[Path]:
    """The folders to look into, in order: only the one asked for, or else those implied, then the add-on packages.

    Raises UserError when a folder was asked for that does not exist.
    """
    asked, where = option, "--plugin-dir"
    if asked is None and environment.get(PLUGIN_DIR_VARIABLE):
        asked, where = Path(environment[PLUGIN_DIR_VARIABLE]), PLUGIN_DIR_VARIABLE
    if asked is not None:
        if not asked.is_dir():
            layout = "a provider mirror: HOST/NAMESPACE/TYPE/VERSION/OS_ARCH"
            raise UserError("no such folder", where, str(asked), layout)
        return [asked]
    add_ons = sorted(add_on_root.iterdir()) if add_on_root.is_dir() else []
    return [folder for folder in [*_implied(environment), *add_ons] if folder.is_dir()]


def choose(
    wanted: Sequence[Requirement], folders: Sequence[Path], platform: str, *, newest_if_none_admitted: bool
) -> list[Choice]:
    """For each requirement the newest admitted version of the first folder that has one.

    With `newest_if_none_admitted`, else the newest version of all folders. A requirement that no folder serves has no
    choice in the answer.
    """
    choices = []
    for requirement in wanted:
        present = [
            Choice(requirement, folder, version, admits(requirement.constraint, version))
            for folder in folders
            for version in versions_in(folder, requirement.source, platform)
        ]
        admitted = [choice for choice in present if choice.admitted]
        if admitted:
            first = admitted[0].folder
            choices.append(max((c for c in admitted if c.folder == first), key=lambda choice: choice.version))
        elif present and newest_if_none_admitted:
            choices.append(max(present, key=lambda choice: choice.version))
    return choices


def unserved(wanted: Sequence[Requirement], choices: Sequence[Choice]) -> list[Requirement]:
    """The requirements that no mirror folder serves."""
    served = {choice.requirement for choice in choices}
    return [requirement for requirement in wanted if requirement not in served]


def plugin_folders(wanted: Sequence[Requirement], choices: Sequence[Choice]) -> list[Path]:
    """The folders of the choices, each once; none unless they hold everything: terraform looks nowhere else then."""
    return [] if unserved(wanted, choices) else list(dict.fromkeys(choice.folder for choice in choices))


def versions_in(folder: Path, source: str, platform: str) -> list[Version]:
    """The versions of one provider that a mirror folder holds for one platform, packed or unpacked."""
    root = folder / source
    unpacked = [path.parent.name for path in root.glob(f"*/{platform}") if path.is_dir()]
    packed = re.compile(rf"terraform-provider-[^_]+_(.+)_{re.escape(platform)}\.zip")
    zipped = [match.group(1) for path in root.glob("*.zip") if (match := packed.fullmatch(path.name))]
    return [Version.parse(name) for name in {*unpacked, *zipped} if _is_version(name)]


def _implied(environment: Mapping[str, str]) -> Iterable[Path]:
    home = Path(environment.get("HOME") or "/")
    yield home / ".terraform.d/plugins"
    if sys.platform == "darwin":
        yield home / "Library/Application Support/io.terraform/plugins"
        yield Path("/Library/Application Support/io.terraform/plugins")
        return
    data_home = environment.get("XDG_DATA_HOME") or str(home / ".local/share")
    data_dirs = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for base in [data_home, *data_dirs.split(":")]:
        if base:
            yield Path(base) / "terraform/plugins"


def _full_source(source: str) -> str:
    parts = source.split("/")
    return "/".join([DEFAULT_HOST, DEFAULT_NAMESPACE][: 3 - len(parts)] + parts)


def _blocks(value: object) -> list[Mapping[str, Any]]:
    """A JSON block is an object or a list of objects."""
    return [block for block in (value if isinstance(value, list) else [value]) if isinstance(block, Mapping)]


def _is_version(text: str) -> bool:
    try:
        Version.parse(text)
    except ValueError:
        return False
    return True
