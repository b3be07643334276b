"""What the emulator does for a run: it starts, takes seeds, is watched, and is searched for what was left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.aws import ENDPOINT_VARIABLE, is_emulated
from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError, StepResult
from delivery.lifecycle.pipeline import Observer, timed
from delivery.lifecycle.steps import SEED, Supplies
from delivery.lifecycle.target import EMULATED_PARALLELISM, Target
from delivery.state.bucket import StateObject, bucket_name, state_of

if TYPE_CHECKING:
    from delivery.sandbox.emulator import Emulator
    from delivery.sandbox.prerequisites import Reachable

START_SECONDS = 60.0
SERVER_PREFIX = "paygate sandbox: "
STATE_BUCKET = "state bucket"
SUPPLYING = frozenset({STATE_BUCKET, SEED})
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


def target_in(emulator: "Emulator", base: Mapping[str, str], region: str) -> Target:
    """The account of our own emulator."""
    from delivery.sandbox.emulator import ACCOUNT_ID

    environment = emulator.environment(base, region)
    return Target(ACCOUNT_ID, "", region, environment, EMULATED_PARALLELISM, GRACE_SECONDS)


def emulated_state(stack: str, region: str) -> StateObject:
    """Where the state of a stack is in our own emulator."""
    from delivery.sandbox.emulator import ACCOUNT_ID

    return state_of(stack, bucket_name(ACCOUNT_ID, region), region)


def supply_state_buckets(emulator: "Emulator", regions: Sequence[str]) -> Outcome:
    """What `paygate bootstrap` makes in an account, as far as a run needs it."""
    from delivery.sandbox.emulator import ACCOUNT_ID
    from delivery.sandbox.prerequisites import StateBucket, put_into

    buckets = [StateBucket(bucket_name(ACCOUNT_ID, region), region) for region in dict.fromkeys(regions)]
    return Outcome(", ".join(bucket.name for bucket in buckets), data=put_into(emulator, buckets))


def supplies_of(emulator: "Reachable") -> Supplies:
    """What puts prerequisites and images into the emulator at an endpoint."""

    def seed_stack(stack_file: Path) -> list[Any]:
        from delivery.sandbox.prerequisites import seed

        return list(seed(stack_file, emulator))

    def fill_repositories(stack_file: Path) -> list[Any]:
        from delivery.sandbox.prerequisites import seed_created_images

        return list(seed_created_images(stack_file, emulator))

    return Supplies(seed_stack, fill_repositories)


def seeded_by(results: Sequence[StepResult]) -> list[Any]:
    """Everything that was put into the emulator before and between the steps of terraform."""
    return [thing for result in results if result.step in SUPPLYING for thing in result.outcome.data or ()]


@dataclass(frozen=True)
class Endpoint:
    """An emulator that somebody else has started."""

    endpoint: str


def supplies_for(environment: Mapping[str, str]) -> Supplies | None:
    """What puts prerequisites into the target of this environment: an emulator gets them, AWS has them."""
    return supplies_of(Endpoint(environment[ENDPOINT_VARIABLE])) if is_emulated(environment) else None


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
