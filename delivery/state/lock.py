"""Terraform's lock of a state in S3: the object `<key>.tflock`, made with a conditional write, deleted at the end.

Policy. A lock is *left* when a run of ours on this machine must have taken it and cannot give it back any more: its
`Who` is this user on this host, a run of this stack was recorded here and its process is gone, that run began before
the lock was made, no recorded run of the stack is alive, and no terraform of this machine that could hold it is at
work. A lock that was left is broken, with a line that says so. Any other lock is waited for, up to a limit, and is then
a UserError that names who holds it since when, and the command that breaks it: whether somebody on another machine
still works is for a person to find out. Not covered: two machines with one name that share a folder of runs.

Source of the fields: internal/states/statemgr/locker.go of Terraform (2026-11-26); of the object and its name:
https://developer.hashicorp.com/terraform/language/backend/s3#state-locking (2026-11-26).
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from delivery.errors import UserError
from delivery.state import objects
from delivery.state.bucket import LOCK_SUFFIX
from delivery.state.objects import Stored
from delivery.state.run_record import RunRecord, who_am_i

POLL_SECONDS = 5.0
_FIELDS = ("ID", "Operation", "Who", "Version", "Created", "Path")


@dataclass(frozen=True)
class Lock:
    """created: ISO time as Terraform wrote it; path: `bucket/key` of the state; stored: by which it is broken."""

    id: str
    operation: str
    who: str
    version: str
    created: str
    path: str
    stored: Stored

    @property
    def created_seconds(self) -> float:
        """Seconds since the epoch; 0, which is before every run, when the time cannot be read."""
        try:
            return datetime.fromisoformat(self.created).timestamp()
        except ValueError:
            return 0.0

    def __str__(self) -> str:
        operation = self.operation.removeprefix("OperationType").lower() or "an unknown operation"
        return f"{self.who} holds the lock of {self.path} for {operation}, since {self.created} (id {self.id})"


def lock_key(state_key: str) -> str:
    """The object of the lock of a state."""
    return f"{state_key}{LOCK_SUFFIX}"


def read_lock(s3: Any, bucket: str, state_key: str) -> Lock | None:
    """The lock of a state, None when it is free. A lock that cannot be parsed is somebody unknown's."""
    stored = objects.read(s3, bucket, lock_key(state_key))
    if stored is None:
        return None
    try:
        found = json.loads(stored.body)
    except ValueError:
        found = None
    fields = found if isinstance(found, dict) else {}
    values = {name: str(fields.get(name) or "") for name in _FIELDS}
    return Lock(
        id=values["ID"] or "unknown",
        operation=values["Operation"],
        who=values["Who"] or "somebody unknown",
        version=values["Version"],
        created=values["Created"] or "an unknown time",
        path=f"{bucket}/{state_key}",
        stored=stored,
    )


def break_lock(s3: Any, bucket: str, state_key: str, lock: Lock) -> bool:
    """Delete the lock if it is still this one; False when it has been given back or taken anew since it was read."""
    return objects.remove(s3, bucket, lock_key(state_key), lock.stored)


def was_left(lock: Lock, runs: Iterable[RunRecord], held: Callable[[Lock], bool], who: str | None = None) -> bool:
    """Whether a run of ours that is gone left this lock, by the policy above.

    runs: what runs of the stack recorded on this machine; held: `at_work.terraform_holds`.
    """
    ours = who or who_am_i()
    recorded = [run for run in runs if run.who == ours]
    if lock.who != ours or any(run.alive for run in recorded):
        return False
    return any(run.process.started <= lock.created_seconds for run in recorded) and not held(lock)


@dataclass(frozen=True)
class Waiting:
    """How a lock is waited for. clock: seconds; sleep may raise to end the wait; say shows one line."""

    limit_seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    say: Callable[[str], None]
    unlock_command: str  # `paygate unlock --platform payments --suffix pr42`


def free_lock(
    read: Callable[[], Lock | None], left: Callable[[Lock], bool], break_: Callable[[Lock], bool], wait: Waiting
) -> None:
    """Return when the state is free: a lock that was left is broken, any other waited for. UserError at the limit.

    read, left, break_: `read_lock`, `was_left` and `break_lock` with all but the lock given.
    """
    deadline = wait.clock() + wait.limit_seconds
    told = ""
    while (lock := read()) is not None:
        if left(lock):
            broken = break_(lock)
            wait.say(f"{lock}; its run is gone: {'lock broken' if broken else 'somebody else has freed it meanwhile'}")
            continue
        if wait.clock() >= deadline:
            raise held_by_another(lock, wait.unlock_command)
        if lock.id != told:
            told = lock.id
            wait.say(f"{lock}; waiting up to {wait.limit_seconds:.0f} s")
        wait.sleep(min(POLL_SECONDS, max(0.0, deadline - wait.clock())))


def held_by_another(lock: Lock, unlock_command: str) -> UserError:
    """The message of a wait that was in vain, and of a terraform that met a lock of somebody else."""
    return UserError(
        "the state is locked",
        f"s3://{lock.path}",
        f"{lock.who}, since {lock.created}, lock id {lock.id}",
        mend=f"Let that run end; if it is gone for good: {unlock_command}",
    )
