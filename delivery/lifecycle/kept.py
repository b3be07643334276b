"""A sandbox that is left running: how it is written down, opened again and destroyed."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.lifecycle.deployment import Deployment, Outcome, Status, StepResult
from delivery.lifecycle.emulated import GRACE_SECONDS, emulated_state, scan_leftovers
from delivery.lifecycle.opening import terraform_for
from delivery.lifecycle.pipeline import Surroundings, run_side_by_side
from delivery.lifecycle.runs import KeptRun, KeptStack, Report
from delivery.lifecycle.steps import DESTROY
from delivery.lifecycle.target import EMULATED_PARALLELISM, Target
from delivery.processes.identity import ProcessIdentity
from delivery.terraform.program import Program, find_terraform

if TYPE_CHECKING:
    from delivery.sandbox.emulator import Emulator


def keep(folder: Path, emulator: "Emulator", deployments: Sequence[Deployment], seeded: Sequence[Any]) -> KeptRun:
    """Write down what is needed to reach and destroy these deployments."""
    stacks = tuple(
        KeptStack(
            platform=deployment.platform,
            settings_file=str(deployment.settings_file.absolute()),
            suffix=deployment.suffix,
            stack=deployment.stack,
            stack_file=str(deployment.stack_file),
            workspace=str(deployment.terraform.workspace.folder),
            region=deployment.region,
            aws_variables=emulator.environment({}, deployment.region),
        )
        for deployment in deployments
    )
    kept = KeptRun(
        id=folder.name,
        folder=folder,
        endpoint=emulator.endpoint,
        emulator=ProcessIdentity.of(emulator.pid),
        log_file=str(emulator.log_file),
        stacks=stacks,
        seeded=tuple(seeded),
    )
    kept.save()
    return kept


def destroy_kept(kept: KeptRun, around: Surroundings, step_seconds: float) -> Report:
    """Destroy the stacks of a kept run, look for leftovers, stop its emulator, and remove its folder.

    Where the emulator is gone so is everything it held: then only the folder is removed. After a failure the emulator
    is stopped all the same and the folder stays.
    """
    if not kept.emulator.alive:
        _remove(kept)
        gone = Outcome("its emulator had ended already, and with it all it held")
        return Report((StepResult("", "destroy", Status.PASSED, 0.0, gone),))
    program = find_terraform(around.environment)
    deployments = [reopen(stack, program, around, step_seconds) for stack in kept.stacks]
    try:
        results = run_side_by_side(deployments, (DESTROY,), around)
        results.append(scan_leftovers(deployments, kept.seeded, around.observer))
    finally:
        kept.emulator.stop()
    if any(result.status is Status.FAILED for result in results):
        return Report(tuple(results), kept.folder)
    _remove(kept)
    return Report(tuple(results))


def _remove(kept: KeptRun) -> None:
    shutil.rmtree(kept.folder)
    Path(kept.log_file).unlink(missing_ok=True)


def reopen(stack: KeptStack, program: Program, around: Surroundings, step_seconds: float) -> Deployment:
    """A kept stack as a deployment whose terraform works on the kept workspace."""
    environment = stack.environment(around.environment)
    target = Target("", "", stack.region, environment, EMULATED_PARALLELISM, GRACE_SECONDS)
    return Deployment(
        platform=stack.platform,
        settings_file=Path(stack.settings_file),
        suffix=stack.suffix,
        stack=stack.stack,
        stack_file=Path(stack.stack_file),
        region=stack.region,
        environment=environment,
        terraform=terraform_for(stack.platform, Path(stack.workspace), target, program, step_seconds, around),
        state=emulated_state(stack.stack, stack.region),
    )
