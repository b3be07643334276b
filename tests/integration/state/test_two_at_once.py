"""Two at once on one state, and on one suffix: one waits or is told clearly, and neither harms what is kept."""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.processes.identity import ProcessIdentity
from delivery.sandbox.emulator import Emulator
from delivery.state.at_work import terraform_holds
from delivery.state.lock import Lock, Waiting, break_lock, free_lock, read_lock, was_left
from delivery.state.owner import claim, owner_key, release, take_over
from delivery.state.run_record import RunRecord, who_am_i
from delivery.state.unwritten import find_unwritten, push_unwritten
from delivery.terraform.runner import Terraform, TerraformError
from tests.integration.state.conftest import States

STACK = "tiny-p1"
UNLOCK = "paygate unlock --platform tiny --suffix p1"
SLOW = {"a": {"provisioner": [{"local-exec": {"command": "sleep 6"}}]}}
OTHER = {"a": {}, "b": {}}


def apply_in_thread(run: Terraform) -> threading.Thread:
    run.plan()
    thread = threading.Thread(target=run.apply)
    thread.start()
    return thread


def held(states: States, wait_seconds: float = 20.0) -> Lock:
    """The lock, as soon as there is one."""
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        if lock := read_lock(states.s3, states.object.bucket, states.object.key):
            return lock
        time.sleep(0.05)
    raise AssertionError("no lock was taken")


def waiting(said: list[str], limit_seconds: float) -> Waiting:
    return Waiting(limit_seconds, time.monotonic, partial(_brief_sleep), said.append, UNLOCK)


def _brief_sleep(seconds: float) -> None:
    time.sleep(min(seconds, 0.3))


def free(states: States, said: list[str], limit_seconds: float, runs: tuple[RunRecord, ...] = ()) -> None:
    """Wait for the state as a run does."""
    of_state = (states.s3, states.object.bucket, states.object.key)
    free_lock(
        partial(read_lock, *of_state),
        lambda lock: was_left(lock, runs, terraform_holds),
        partial(break_lock, *of_state),
        waiting(said, limit_seconds),
    )


def test_the_second_terraform_is_refused_and_names_the_first(states: States) -> None:
    first = apply_in_thread(states.workspace("first", SLOW))
    lock = held(states)
    with pytest.raises(TerraformError) as error:
        states.workspace("second", OTHER).plan()
    first.join()
    assert "Error acquiring the state lock" in str(error.value)
    assert lock.id in str(error.value)
    assert (lock.who, lock.operation) == (who_am_i(), "OperationTypeApply")
    assert [resource["name"] for resource in states.kept["resources"]] == ["a"]
    assert read_lock(states.s3, states.object.bucket, states.object.key) is None


def test_whoever_waits_for_the_lock_goes_on_from_what_the_first_has_written(states: States) -> None:
    first, said = apply_in_thread(states.workspace("first", SLOW)), list[str]()
    held(states)
    second = states.workspace("second", OTHER)
    free(states, said, limit_seconds=30.0)
    second.plan()
    second.apply()
    first.join()
    assert sorted(resource["name"] for resource in states.kept["resources"]) == ["a", "b"]
    assert len(said) == 1
    assert "for apply, since 20" in said[0]
    lineages = {run["lineage"] for run in (states.kept, second.pull_state())}
    assert len(lineages) == 1


def test_a_wait_in_vain_says_who_holds_it_and_how_to_break_it(states: States) -> None:
    first = apply_in_thread(states.workspace("first", SLOW))
    lock = held(states)
    with pytest.raises(UserError, match=rf"found .*@.*, lock id {lock.id}.*{UNLOCK}"):
        free(states, [], limit_seconds=0.5)
    first.join()


def killed(states: States) -> tuple[Lock, RunRecord]:
    """The lock of a terraform that was killed, and the record of the run it belonged to, which is gone as well."""
    import psutil

    before = ProcessIdentity(1, time.time() - 1.0)
    run = states.workspace("killed", SLOW)
    run.plan()
    thread = threading.Thread(target=_apply_whatever_comes, args=(run,))
    thread.start()
    lock = held(states)
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == "terraform" and process.info["cwd"] == str(run.workspace.folder):
            process.kill()
    thread.join()
    return lock, RunRecord(STACK, who_am_i(), before)


def _apply_whatever_comes(run: Terraform) -> None:
    with contextlib.suppress(TerraformError):
        run.apply()


def test_a_lock_that_a_killed_run_left_is_broken_by_the_next_one(states: States) -> None:
    lock, run = killed(states)
    said: list[str] = []
    free(states, said, limit_seconds=0.0, runs=(run,))
    assert said == [f"{lock}; its run is gone: lock broken"]
    after = states.workspace("after", OTHER)
    after.plan()
    after.apply()
    assert sorted(resource["name"] for resource in states.kept["resources"]) == ["a", "b"]


def test_a_lock_of_a_terraform_that_is_at_work_is_never_taken_for_one_that_was_left(states: States) -> None:
    first = apply_in_thread(states.workspace("first", SLOW))
    lock = held(states)
    gone = RunRecord(STACK, who_am_i(), ProcessIdentity(1, 1.0))
    assert terraform_holds(lock)
    assert not was_left(lock, [gone], terraform_holds)
    first.join()
    assert not terraform_holds(lock)


def test_of_twenty_who_claim_one_suffix_at_once_one_gets_it(states: States) -> None:
    def outcome(number: int) -> str:
        try:
            return claim(states.s3, states.object.bucket, STACK, f"owner-{number}").owner
        except UserError as error:
            return str(error)

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(outcome, range(20)))
    winners = [each for each in outcomes if each.startswith("owner-")]
    assert len(winners) == 1
    assert all(f"found {winners[0]}, since" in each for each in outcomes if each not in winners)


def test_a_suffix_that_was_given_back_in_a_versioned_bucket_can_be_claimed_again(states: States) -> None:
    bucket = states.object.bucket
    claim(states.s3, bucket, STACK, "anne")
    assert release(states.s3, bucket, STACK, "bert") is False
    assert release(states.s3, bucket, STACK, "anne") is True
    assert claim(states.s3, bucket, STACK, "bert").owner == "bert"
    former = take_over(states.s3, bucket, STACK, "carl")
    assert former is not None
    assert former.owner == "bert"
    versions = states.s3.list_object_versions(Bucket=bucket, Prefix=owner_key(STACK))
    assert len(versions["Versions"]) == 3


def test_a_state_that_could_not_be_written_is_pushed_by_the_next_run(
    states_in: Callable[[Emulator], States], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator goes away in the middle of an apply, as a network does, and comes back with what it had."""
    with Emulator.start() as first:
        before = states_in(first)
        port = int(first.endpoint.rpartition(":")[2])
        gone = {"a": {"provisioner": [{"local-exec": {"command": f"kill -9 {first.pid}"}}]}}
        run = before.workspace("cut", gone)
        run.plan()
        with pytest.raises(TerraformError):
            run.apply()
    state = f"{before.object.bucket}/{before.object.key}"
    (file,) = find_unwritten(before.folder / "runs", state)
    with Emulator.start(port=port):
        s3: Any = before.s3
        s3.create_bucket(Bucket=before.object.bucket)
        after = before.workspace("next", OTHER)
        line = push_unwritten(file, after.pull_state, after.push_state, "terraform state pull")
        assert line.startswith("pushed the state that the last run could not write")
        assert find_unwritten(before.folder / "runs", state) == []
        assert after.resource_addresses() == ["terraform_data.a"]
