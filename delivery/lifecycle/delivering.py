"""One delivery to the account that the credentials of the environment belong to, carried out in steps."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from delivery.aws import clients
from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, Status, Step, StepResult
from delivery.lifecycle.opening import Source, Tools, find_tools, open_deployment, synthesized
from delivery.lifecycle.pipeline import Surroundings, passed, run_steps
from delivery.lifecycle.runs import DELIVERIES_FOLDER, Report, new_run_folder
from delivery.lifecycle.target import Target, find_target
from delivery.state.bucket import StateObject, bucket_exists, bucket_name, state_of
from delivery.state.owner import owner_of_caller, stamp
from delivery.state.run_record import record_run


@dataclass(frozen=True)
class DeliveryRequest:
    """What to deliver. step_seconds bounds each plan and apply; without a state_bucket, that of `paygate bootstrap`.

    owner: in whose name, instead of the caller's. lock_seconds: how long a state that somebody works on is waited for.
    """

    settings_file: Path
    suffix: str
    plugin_folder: Path | None = None
    state_bucket: str | None = None
    step_seconds: float = 1200.0
    owner: str | None = None
    lock_seconds: float = 600.0


class Delivery:
    """A deployment that is being worked on, and how its steps went so far."""

    def __init__(
        self, deployment: Deployment, target: Target, folder: Path, around: Surroundings, results: Sequence[StepResult]
    ) -> None:
        self.deployment = deployment
        self.target = target
        self.results = list(results)
        self._folder = folder
        self._around = around

    def carry_out(self, steps: Sequence[Step]) -> bool:
        """Run the steps in order; whether all of them passed. Interrupted passes through."""
        done = run_steps(self.deployment, steps, self._around)
        self.results += done
        return all(result.status is Status.PASSED for result in done)

    def result(self, step: str) -> StepResult | None:
        """How the last run of a step went; None where it was not reached."""
        return next((result for result in reversed(self.results) if result.step == step), None)

    def outcome(self, step: str) -> Outcome:
        """What the last run of a step told; an empty outcome where it was not run."""
        found = self.result(step)
        return found.outcome if found else Outcome()

    @property
    def failed(self) -> bool:
        return any(result.status is Status.FAILED for result in self.results)

    @property
    def report(self) -> Report:
        return Report(tuple(self.results), self._folder if self.failed else None)


@contextmanager
def delivery(request: DeliveryRequest, around: Surroundings) -> Iterator[Delivery]:
    """A delivery in a run folder of its own.

    UserError before anything is touched: settings that infra refuses, no terraform, no credentials, no state bucket.
    """
    tools = find_tools(request.plugin_folder, request.step_seconds, around)
    synthesizing = partial(synthesized, request.settings_file, request.suffix, around=around)
    with in_run_folder(request.suffix, tools, around, synthesizing, partial(_account, request)) as opened:
        owner = owner_of_caller({"Arn": opened.target.caller}, request.owner)
        opened.deployment = replace(opened.deployment, owner=owner, opened=stamp())
        yield opened


@contextmanager
def in_run_folder(
    name: str,
    tools: Tools,
    around: Surroundings,
    synthesizing: Callable[[Path], Outcome],
    finding_state: Callable[[Source, Target], Outcome],
) -> Iterator[Delivery]:
    """A delivery in a new run folder, which is removed unless a step failed and left something to look at.

    The data of what `synthesizing` tells is a Source, of what `finding_state` tells a StateObject.
    """
    folder = new_run_folder(name, DELIVERIES_FOLDER)
    keep = False
    try:
        made = passed("", "synth", partial(synthesizing, folder / "synth"), around.observer)
        source: Source = made.outcome.data
        target = find_target(around.environment, source.region)
        found = passed("", "account", partial(finding_state, source, target), around.observer)
        state: StateObject = found.outcome.data
        deployment = open_deployment(source, folder / source.platform, target, state, tools, around)
        record_run(folder, deployment.stack)
        opened = Delivery(deployment, target, folder, around, [made, found])
        keep = True  # interrupted, terraform may have left a state there that it could not write
        yield opened
        keep = opened.failed
    except UserError:
        keep = False
        raise
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _account(request: DeliveryRequest, source: Source, target: Target) -> Outcome:
    """Whose account it is, and the bucket that holds its states."""
    state = state_of(
        source.synthesized.stack,
        request.state_bucket or bucket_name(target.account_id, target.region),
        target.region,
    )
    require_bucket(target, state.bucket)
    return Outcome(f"{target.account_id} in {target.region}, state in {state.bucket}", data=state)


def require_bucket(target: Target, bucket: str) -> None:
    """UserError when there is no such bucket, or its owner does not let us in."""
    from botocore.exceptions import ClientError

    try:
        exists = bucket_exists(clients(target.environment, target.region)("s3"), bucket)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        raise UserError(
            "the state bucket cannot be reached",
            bucket,
            f"HTTP {status} for {target.caller}",
            "a bucket of this account whose objects these credentials may read and write",
            "Another bucket is named with --state-bucket",
        ) from error
    if not exists:
        raise UserError(
            "there is no state bucket",
            bucket,
            mend="Make it once per account and region with: paygate bootstrap. Or name another one with --state-bucket",
        )
