"""The life of a sandbox: synthesize, start the emulator, deliver every platform into it, take it all down again."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, Status
from delivery.lifecycle.emulated import (
    check_alive,
    filling,
    scan_leftovers,
    seeded_by,
    seeding_into,
    start_emulator,
    terraform_for,
)
from delivery.lifecycle.kept import keep
from delivery.lifecycle.pipeline import Surroundings, passed, run_side_by_side
from delivery.lifecycle.runs import CACHE_FOLDER, SandboxReport, new_run_folder
from delivery.lifecycle.steps import region_of, sandbox_steps
from delivery.synthesis import Synthesized, synthesize
from delivery.terraform.mirrors import choose, requirements, search_folders
from delivery.terraform.program import Program, find_terraform
from delivery.terraform.workspace import read_config

if TYPE_CHECKING:
    from delivery.sandbox.emulator import Emulator


@dataclass(frozen=True)
class SandboxRequest:
    """What to run. port 0: any free one. step_seconds bounds each plan, apply and destroy."""

    settings_files: tuple[Path, ...]
    suffix: str
    plugin_folder: Path | None = None
    port: int = 0
    keep: bool = False
    step_seconds: float = 1200.0


@dataclass(frozen=True)
class _Source:
    """A platform and its synthesized stack."""

    platform: str
    settings_file: Path
    synthesized: Synthesized


def run_sandbox(request: SandboxRequest, around: Surroundings) -> SandboxReport:
    """Deliver the platforms of a request into a fresh emulator.

    Bad settings, a missing terraform or mirror folder and an emulator that does not start raise UserError before
    anything is applied. Whatever happens later, every process is gone at the end, unless the run was to be kept;
    a kept emulator still ends with this process, until `delivery.sandbox.emulator.detach` is called.
    """
    program = find_terraform(around.environment)
    folders = search_folders(request.plugin_folder, around.environment)
    folder = new_run_folder(request.suffix)
    try:
        report = _run_in(folder, request, program, folders, around)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if report.folder is None:
        shutil.rmtree(folder)
    return report


def _run_in(
    folder: Path, request: SandboxRequest, program: Program, mirrors: Sequence[Path], around: Surroundings
) -> SandboxReport:
    sources, results = [], []
    for number, file in enumerate(request.settings_files, start=1):
        synth = partial(_synthesize, file, request, folder / f"synth-{number}", around)
        result = passed("", f"synth {file.name}", synth, around.observer)
        results.append(result)
        sources.append(result.outcome.data)
    _refuse_twins(sources)
    started = passed("", "emulator", partial(start_emulator, request.port, detachable=request.keep), around.observer)
    emulator: Emulator = started.outcome.data
    with emulator:
        deployments = [_deployment(source, folder, program, mirrors, emulator, request, around) for source in sources]
        steps = sandbox_steps(CACHE_FOLDER, seeding_into(emulator), filling(emulator), keep=request.keep)
        if request.keep:  # written down at once: killed outright, the run can still be found and destroyed
            keep(folder, emulator, deployments, seeded=())
        results += [started, *run_side_by_side(deployments, steps, around, partial(check_alive, emulator))]
        if request.keep:
            return SandboxReport(tuple(results), folder, keep(folder, emulator, deployments, seeded_by(results)))
        results.append(scan_leftovers(deployments, seeded_by(results), around.observer))
    failed = any(result.status is Status.FAILED for result in results)
    return SandboxReport(tuple(results), folder if failed else None)


def _synthesize(file: Path, request: SandboxRequest, out: Path, around: Surroundings) -> Outcome:
    synthesized = synthesize(
        file, request.suffix, out=out, environment=around.environment, cancellation=around.cancellation
    )
    return Outcome(synthesized.stack, data=_Source(platform_of(file), file, synthesized))


def platform_of(settings_file: Path) -> str:
    """The platform that a settings file names; infra has accepted the file before this reads it."""
    import yaml

    return str(yaml.safe_load(settings_file.read_text(encoding="utf-8"))["platform"])


def _refuse_twins(sources: Sequence[_Source]) -> None:
    platforms = [source.platform for source in sources]
    twins = sorted({platform for platform in platforms if platforms.count(platform) > 1})
    if twins:
        raise UserError("a platform can be in a sandbox only once", "--platform, --settings", ", ".join(twins))


def _deployment(
    source: _Source,
    folder: Path,
    program: Program,
    mirrors: Sequence[Path],
    emulator: "Emulator",
    request: SandboxRequest,
    around: Surroundings,
) -> Deployment:
    config = read_config(source.synthesized.file)
    choices = choose(requirements(config), mirrors, program.platform, newest_if_none_admitted=True)
    region = region_of(config)
    environment = emulator.environment(around.environment, region)
    return Deployment(
        platform=source.platform,
        settings_file=source.settings_file,
        suffix=request.suffix,
        stack=source.synthesized.stack,
        stack_file=source.synthesized.file,
        region=region,
        environment=environment,
        terraform=terraform_for(
            source.platform, folder / source.platform, program, environment, request.step_seconds, around
        ),
        choices=tuple(choices),
    )
