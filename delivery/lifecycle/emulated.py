"""What the emulator does for a run: it starts, takes seeds, is watched, and is searched for what was left behind."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError, StepResult
from delivery.lifecycle.pipeline import Observer, Surroundings, timed
from delivery.lifecycle.steps import SEED
from delivery.terraform.program import Program
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import Workspace

if TYPE_CHECKING:
    from delivery.sandbox.emulator import Emulator

START_SECONDS = 60.0
SERVER_PREFIX = "paygate sandbox: "
GRACE_SECONDS = 3.0  # the emulator's state dies with it: nothing that terraform could still write is worth waiting for


def start_emulator(port: int, *, detachable: bool) -> Outcome:
    """A running emulator as the data of the outcome. UserError when it does not start."""
    from delivery.sandbox.emulator import Emulator, EmulatorError

    try:
        emulator = Emulator.start(port=port, timeout_seconds=START_SECONDS, detachable=detachable)
    except EmulatorError as error:
        message = str(error).rpartition(SERVER_PREFIX)[2]  # what the server itself says, where it said something
        raise UserError(message) from error
    return Outcome(emulator.endpoint, data=emulator)


def check_alive(emulator: "Emulator") -> None:
    """An emulator that died would leave terraform retrying for many minutes."""
    import psutil

    if psutil.Process(emulator.pid).status() == psutil.STATUS_ZOMBIE:
        raise UserError(
            "the emulator ended in the middle of the run", found=emulator.last_lines() or "no message of it"
        )


def seeding_into(emulator: "Emulator") -> Callable[[Path], list[Any]]:
    def seed_stack(stack_file: Path) -> list[Any]:
        from delivery.sandbox.prerequisites import seed

        return list(seed(stack_file, emulator))

    return seed_stack


def filling(emulator: "Emulator") -> Callable[[Path], list[Any]]:
    def fill_repositories(stack_file: Path) -> list[Any]:
        from delivery.sandbox.prerequisites import seed_created_images

        return list(seed_created_images(stack_file, emulator))

    return fill_repositories


def seeded_by(results: Sequence[StepResult]) -> list[Any]:
    return [thing for result in results if result.step == SEED for thing in result.outcome.data or ()]


def scan_leftovers(deployments: Sequence[Deployment], seeded: Sequence[Any], observer: Observer) -> StepResult:
    """What is still in the emulator after destroy; each thing needs a reason."""

    def scan() -> Outcome:
        from delivery.sandbox.leftovers import find_leftovers

        environments = {deployment.region: deployment.environment for deployment in deployments}
        found = [leftover for environment in environments.values() for leftover in find_leftovers(environment, seeded)]
        unexplained = [leftover for leftover in found if not leftover.allowed_because]
        if unexplained:
            raise StepFailedError(
                "\n".join(["left behind without a reason:", *(f"  {entry}" for entry in unexplained)])
            )
        lines = tuple(f"  {leftover}: {leftover.allowed_because}" for leftover in found)
        return Outcome(
            f"{len(found)}, each with a reason" if found else "none",
            lines and ("each is allowed for a reason:", *lines),
        )

    return timed("", "leftovers", scan, observer)


def terraform_for(
    platform: str,
    workspace: Path,
    program: Program,
    environment: Mapping[str, str],
    step_seconds: float,
    around: Surroundings,
    grace_seconds: float = GRACE_SECONDS,
) -> Terraform:
    """Terraform in a platform's workspace, reporting to whoever watches.

    grace_seconds: how long an interrupted terraform may take to finish what is in flight and write its state before it
    is killed; on real AWS that has to be minutes, or resources are created that no state knows.
    """
    return Terraform(
        program,
        Workspace(workspace),
        environment,
        step_seconds,
        grace_seconds,
        cancellation=around.cancellation,
        on_event=partial(around.observer.event, platform),
    )
