"""Whose stack it is, and whether its state is free: what comes before a plan, and after a destroy."""

import os
import time
from functools import partial
from typing import Any

from delivery.aws import clients
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.lifecycle.runs import DELIVERIES_FOLDER
from delivery.state.at_work import terraform_holds
from delivery.state.bucket import StateObject
from delivery.state.lock import Waiting, break_lock, free_lock, read_lock, was_left
from delivery.state.owner import Owner, claim, read_owner, release, take_over
from delivery.state.run_record import runs_of
from delivery.state.unwritten import find_unwritten, push_unwritten


def claim_suffix(deployment: Deployment, *, taking_over: bool = False) -> Outcome:
    """Make sure that this suffix is ours; the data tells whether it was so before. UserError when it is another's."""
    s3, state = _s3(deployment), state_of(deployment)
    before = read_owner(s3, state.bucket, deployment.stack) if not taking_over else None
    if taking_over:
        former = take_over(s3, state.bucket, deployment.stack, deployment.owner)
        whose = f"taken over from {former.owner}, who had it since {former.since}" if former else "nobody's before"
        return Outcome(f"{deployment.owner}; {whose}", data=former)
    mine: Owner = claim(s3, state.bucket, deployment.stack, deployment.owner)
    return Outcome(f"{mine.owner}, since {mine.since}", data=before)


def was_ours(deployment: Deployment) -> bool:
    """Whether the suffix was in our name before this run began."""
    owner = read_owner(_s3(deployment), state_of(deployment).bucket, deployment.stack)
    return owner is not None and owner.owner == deployment.owner and owner.since < deployment.opened


def give_back(deployment: Deployment) -> None:
    """The suffix, where this run finds that it should not have taken it."""
    release(_s3(deployment), state_of(deployment).bucket, deployment.stack, deployment.owner)


def settle_state(deployment: Deployment, *, wait_seconds: float, push: bool) -> Outcome:
    """Wait until nobody works on the state, and bring into it what an earlier run could not write.

    A lock that a run of this machine has left is broken. push: False for commands that only look. UserError when the
    state is not free in time, or when a file does not fit it.
    """
    s3, state = _s3(deployment), state_of(deployment)
    lines: list[str] = []
    others = [run for run in runs_of(DELIVERIES_FOLDER, deployment.stack) if run.process.pid != os.getpid()]
    free_lock(
        partial(read_lock, s3, state.bucket, state.key),
        lambda lock: was_left(lock, others, terraform_holds),
        partial(break_lock, s3, state.bucket, state.key),
        Waiting(wait_seconds, time.monotonic, partial(_pause, deployment), lines.append, unlock_command(deployment)),
    )
    terraform = deployment.terraform
    left = find_unwritten(DELIVERIES_FOLDER, f"{state.bucket}/{state.key}") if push else []
    show = f"terraform -chdir={terraform.workspace.folder} state pull"
    lines += [push_unwritten(file, terraform.pull_state, terraform.push_state, show) for file in left]
    return Outcome("free" if not lines else lines[-1], tuple(lines[:-1]))


def break_any_lock(deployment: Deployment) -> Outcome:
    """Break the lock of the state, whoever holds it: somebody has found out that its run is over for good."""
    s3, state = _s3(deployment), state_of(deployment)
    lock = read_lock(s3, state.bucket, state.key)
    if lock is None:
        return Outcome("there is none")
    broken = break_lock(s3, state.bucket, state.key, lock)
    return Outcome(f"{lock}; {'broken' if broken else 'given back meanwhile'}")


def release_suffix(deployment: Deployment) -> Outcome:
    """After a destroy: an empty state and the claim go from the bucket, which keeps old versions for a time."""
    left = deployment.terraform.resource_addresses()
    if left:
        raise StepFailedError("\n".join(["the state still holds:", *(f"  {address}" for address in left)]))
    s3, state = _s3(deployment), state_of(deployment)
    s3.delete_object(Bucket=state.bucket, Key=state.key)
    release(s3, state.bucket, deployment.stack, deployment.owner)
    return Outcome(f"s3://{state.bucket}/{state.key} removed; the bucket keeps its old versions for a time")


def unlock_command(deployment: Deployment) -> str:
    """What breaks the lock of this stack, as it is typed. The bootstrap stack is the one without a suffix."""
    if not deployment.suffix:
        return f"paygate bootstrap --settings {deployment.settings_file} --break-lock"
    return f"paygate unlock --settings {deployment.settings_file} --suffix {deployment.suffix}"


def state_of(deployment: Deployment) -> StateObject:
    assert deployment.state is not None  # noqa: S101  (deliveries have one; only tests of steps have none)
    return deployment.state


def _pause(deployment: Deployment, seconds: float) -> None:
    """Until the time is over or somebody cancels."""
    cancellation = deployment.terraform.cancellation
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if cancellation is not None:
            cancellation.raise_if_cancelled()
        time.sleep(min(left, 0.2))


def _s3(deployment: Deployment) -> Any:
    return clients(deployment.environment, deployment.region)("s3")
