"""The life of a sandbox: synthesize, start the emulator, deliver every platform into it, take it all down again."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Status
from delivery.lifecycle.emulated import (
    STATE_BUCKET,
    check_alive,
    emulated_state,
    scan_leftovers,
    seeded_by,
    start_emulator,
    supplies_of,
    supply_state_buckets,
    target_in,
)
from delivery.lifecycle.kept import keep
from delivery.lifecycle.opening import Source, Tools, find_tools, open_deployment, synthesized
from delivery.lifecycle.pipeline import Surroundings, passed, run_side_by_side
from delivery.lifecycle.runs import CACHE_FOLDER, Report, new_run_folder
from delivery.lifecycle.steps import sandbox_steps

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


def run_sandbox(request: SandboxRequest, around: Surroundings) -> Report:
    """Deliver the platforms of a request into a fresh emulator.

    Bad settings, a missing terraform or mirror folder and an emulator that does not start raise UserError before
    anything is applied. Whatever happens later, every process is gone at the end, unless the run was to be kept;
    a kept emulator still ends with this process, until `delivery.sandbox.emulator.detach` is called.
    """
    tools = find_tools(request.plugin_folder, request.step_seconds, around)
    folder = new_run_folder(request.suffix)
    try:
        report = _run_in(folder, request, tools, around)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if report.folder is None:
        shutil.rmtree(folder)
    return report


def _run_in(folder: Path, request: SandboxRequest, tools: Tools, around: Surroundings) -> Report:
    observer = around.observer
    sources: list[Source] = []
    results = []
    for number, file in enumerate(request.settings_files, start=1):
        synth = partial(synthesized, file, request.suffix, folder / f"synth-{number}", around)
        results.append(passed("", f"synth {file.name}", synth, observer))
        sources.append(results[-1].outcome.data)
    _refuse_twins(sources)
    started = passed("", "emulator", partial(start_emulator, request.port, detachable=request.keep), observer)
    emulator: Emulator = started.outcome.data
    with emulator:
        supply = partial(supply_state_buckets, emulator, [source.region for source in sources])
        results += [started, passed("", STATE_BUCKET, supply, observer)]
        deployments = [_deployment(source, folder, emulator, tools, around) for source in sources]
        steps = sandbox_steps(CACHE_FOLDER, supplies_of(emulator), keep=request.keep)
        if request.keep:  # written down at once: killed outright, the run can still be found and destroyed
            keep(folder, emulator, deployments, seeded=())
        results += run_side_by_side(deployments, steps, around, partial(check_alive, emulator))
        if request.keep:
            return Report(tuple(results), folder, keep(folder, emulator, deployments, seeded_by(results)))
        results.append(scan_leftovers(deployments, seeded_by(results), observer))
    failed = any(result.status is Status.FAILED for result in results)
    return Report(tuple(results), folder if failed else None)


def _refuse_twins(sources: Sequence[Source]) -> None:
    platforms = [source.platform for source in sources]
    twins = sorted({platform for platform in platforms if platforms.count(platform) > 1})
    if twins:
        raise UserError("a platform can be in a sandbox only once", "--platform, --settings", ", ".join(twins))


def _deployment(source: Source, folder: Path, emulator: "Emulator", tools: Tools, around: Surroundings) -> Deployment:
    target = target_in(emulator, around.environment, source.region)
    state = emulated_state(source.synthesized.stack, target.region)
    return open_deployment(source, folder / source.platform, target, state, tools, around)
