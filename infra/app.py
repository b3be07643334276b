"""The CDKTF app: settings in, Terraform JSON out."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra import lazy
from infra.problems import cannot_write
from infra.settings.model import Settings

JSON_NAME = "cdk.tf.json"
SCRATCH_PREFIX = ".synth-"
ABANDONED_SECONDS = 3600.0


def synthesize(settings: Settings, out: Path) -> Path:
    """Write the stack of these settings below `out`; returns the path of its cdk.tf.json. Raises SynthesisError."""

    def make(app: Any) -> Mapping[str, bytes]:
        from infra.stack import PlatformStack

        return PlatformStack(app, settings).packages

    return write_stack(settings.stack_name, make, out)


def write_stack(name: str, make: Callable[[Any], Mapping[str, bytes]], out: Path) -> Path:
    """Write the stack that `make` adds to an app below `out`; returns the path of its cdk.tf.json.

    make: imports what it needs of cdktf, which is imported here and nowhere before; returns the packages of functions.
    Synthesis happens in a folder of its own and replaces the stack's former folder only when it has succeeded, so an
    error leaves the former JSON as it was. Raises SynthesisError when the output cannot be written or Node is missing.
    """
    os.environ.pop("SYNTH_HCL_OUTPUT", None)  # would make cdktf write HCL, which nothing here reads
    lazy.prepare()
    from cdktf import App

    with _scratch_folder(out) as scratch:
        app = App(outdir=scratch, skip_backend_validation=True)
        packages = make(app)
        app.synth()
        _write_packages(Path(scratch) / "stacks" / name, packages)
        try:
            return _publish(Path(scratch), out, name)
        except OSError as error:
            raise cannot_write(out, error) from error


def _scratch_folder(out: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder on the same file system as the result, so that moving into place is atomic."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(out)
        return tempfile.TemporaryDirectory(prefix=SCRATCH_PREFIX, dir=out)
    except OSError as error:
        raise cannot_write(out, error) from error


def _remove_abandoned(out: Path) -> None:
    """Scratch folders of runs that were killed; a living run is never that old."""
    for folder in out.glob(f"{SCRATCH_PREFIX}*"):
        if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _write_packages(stack_folder: Path, packages: Mapping[str, bytes]) -> None:
    if not packages:
        return
    from infra.function import PACKAGE_FOLDER

    (stack_folder / PACKAGE_FOLDER).mkdir(parents=True)
    for name, package in packages.items():
        (stack_folder / PACKAGE_FOLDER / name).write_bytes(package)


def _publish(scratch: Path, out: Path, stack_name: str) -> Path:
    """Move the new files into place, file by file, each atomically; what else lies in the stack's folder stays."""
    target = out / "stacks" / stack_name
    target.mkdir(parents=True, exist_ok=True)
    for made in sorted((scratch / "stacks" / stack_name).iterdir()):
        if made.is_dir():
            shutil.copytree(made, target / made.name, dirs_exist_ok=True)
        else:
            made.replace(target / made.name)
    (scratch / "manifest.json").replace(out / "manifest.json")
    return target / JSON_NAME
