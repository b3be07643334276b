"""Who holds a lock, whether it was left by a run that is gone, and what happens to it then."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from delivery.errors import UserError
from delivery.processes.identity import ProcessIdentity
from delivery.state.at_work import state_path_of, terraform_holds
from delivery.state.lock import Lock, Waiting, break_lock, free_lock, lock_key, read_lock, was_left
from delivery.state.objects import Stored
from delivery.state.run_record import RECORD, RunRecord, record_run, runs_of, who_am_i
from tests.unit.delivery.state.standins import Bucket

STATE = "payments-production-pr42/terraform.tfstate"
KEY = lock_key(STATE)
STACK = "payments-production-pr42"
CREATED, CREATED_SECONDS = "2026-11-26T12:00:00.123456789Z", 1795694400.123456
INFO = {
    "ID": "6d1b",
    "Operation": "OperationTypeApply",
    "Info": "",
    "Who": "anne@host",
    "Version": "1.11.4",
    "Created": CREATED,
    "Path": f"b/{STATE}",
}
LOCK = Lock("6d1b", "OperationTypeApply", "anne@host", "1.11.4", CREATED, f"b/{STATE}", Stored(b"", '"e"'))
GONE = ProcessIdentity(os.getpid(), 1.0)  # our own id at another time: nobody
ALIVE = ProcessIdentity.of(os.getpid())


def test_a_lock_is_read_as_terraform_writes_it() -> None:
    lock = read_lock(Bucket(**{KEY: json.dumps(INFO).encode()}), "b", STATE)
    assert lock is not None
    assert replace(lock, stored=LOCK.stored) == LOCK
    assert lock.created_seconds == pytest.approx(CREATED_SECONDS, abs=0.001)
    assert str(lock) == f"anne@host holds the lock of b/{STATE} for apply, since {CREATED} (id 6d1b)"


def test_a_free_state_has_no_lock() -> None:
    assert read_lock(Bucket(), "b", STATE) is None


@pytest.mark.parametrize("body", [b"", b"[1]", b"{}", b"\xff\xfe"])
def test_a_lock_that_says_nothing_is_somebody_unknowns_and_never_ours(body: bytes) -> None:
    lock = read_lock(Bucket(**{KEY: body}), "b", STATE)
    assert lock is not None
    assert str(lock).startswith("somebody unknown holds the lock")
    assert not was_left(lock, [RunRecord(STACK, "anne@host", GONE)], held=lambda _: False, who="anne@host")


def test_only_the_lock_that_was_looked_at_is_broken() -> None:
    s3 = Bucket(**{KEY: json.dumps(INFO).encode()})
    lock = read_lock(s3, "b", STATE)
    assert lock is not None
    s3.objects[KEY] = json.dumps({**INFO, "ID": "new"}).encode()
    assert break_lock(s3, "b", STATE, lock) is False
    assert KEY in s3.objects
    again = read_lock(s3, "b", STATE)
    assert again is not None
    assert break_lock(s3, "b", STATE, again) is True
    assert break_lock(s3, "b", STATE, again) is False
    assert s3.objects == {}


LEFT = RunRecord(STACK, "anne@host", GONE)


@pytest.mark.parametrize(
    ("lock", "runs", "held", "left"),
    [
        pytest.param(LOCK, [LEFT], False, True, id="a run of ours that is gone"),
        pytest.param(LOCK, [], False, False, id="no run was recorded here"),
        pytest.param(LOCK, [LEFT], True, False, id="a terraform that may hold it is at work"),
        pytest.param(LOCK, [LEFT, replace(LEFT, process=ALIVE)], False, False, id="another run is alive"),
        pytest.param(
            LOCK, [replace(LEFT, process=replace(GONE, started=CREATED_SECONDS + 60))], False, False, id="later"
        ),
        pytest.param(LOCK, [replace(LEFT, who="anne@other")], False, False, id="recorded under another host name"),
        pytest.param(replace(LOCK, who="bert@host"), [LEFT], False, False, id="somebody else"),
        pytest.param(replace(LOCK, created="yesterday"), [LEFT], False, False, id="a time that cannot be read"),
    ],
)
def test_a_lock_was_left_only_when_nobody_can_hold_it_any_more(
    lock: Lock, runs: list[RunRecord], held: bool, left: bool
) -> None:
    assert was_left(lock, runs, held=lambda _: held, who="anne@host") is left


def test_a_run_leaves_a_record_of_itself(tmp_path: Path) -> None:
    folder = tmp_path / f"{STACK}-20261126-120000"
    folder.mkdir()
    record = record_run(folder, STACK)
    assert (record.who, record.alive) == (who_am_i(), True)
    assert list(runs_of(tmp_path, STACK)) == [record]
    assert list(runs_of(tmp_path, "payments-production-pr4")) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"stack": "s", "who": "w", "process": {"pid": 1}}'])
def test_a_record_that_cannot_be_read_says_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / RECORD).write_text(text)
    assert list(runs_of(tmp_path, "s")) == []


def test_a_workspace_says_which_state_it_works_on(tmp_path: Path) -> None:
    assert state_path_of(tmp_path) is None
    file = tmp_path / ".terraform" / "terraform.tfstate"
    file.parent.mkdir()
    file.write_text(json.dumps({"backend": {"type": "local", "config": {"path": "x"}}}))
    assert state_path_of(tmp_path) is None
    file.write_text(json.dumps({"backend": {"type": "s3", "config": {"bucket": "b", "key": "k"}}}))
    assert state_path_of(tmp_path) == "b/k"
    assert state_path_of(tmp_path, data_folder="elsewhere") is None


def test_no_terraform_began_before_a_lock_of_long_ago() -> None:
    assert terraform_holds(replace(LOCK, created="1971-01-01T00:00:00Z")) is False


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.said = 0.0, list[str]()

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def waiting(self, limit_seconds: float = 20.0) -> Waiting:
        return Waiting(
            limit_seconds, lambda: self.now, self.sleep, self.said.append, "paygate unlock --platform p --suffix pr42"
        )


def test_a_lock_that_was_left_is_broken_and_a_line_says_so() -> None:
    clock, locks = Clock(), [LOCK, None]
    free_lock(lambda: locks.pop(0), lambda _: True, lambda _: True, clock.waiting())
    assert clock.said == [f"{LOCK}; its run is gone: lock broken"]
    assert clock.now == 0


def test_another_lock_is_waited_for() -> None:
    clock, locks = Clock(), [LOCK, LOCK, replace(LOCK, id="next"), None]
    free_lock(lambda: locks.pop(0), lambda _: False, lambda _: pytest.fail("not ours to break"), clock.waiting())
    assert clock.now == 15.0
    assert [line.rpartition("; ")[2] for line in clock.said] == ["waiting up to 20 s"] * 2  # once for each lock


def test_a_wait_in_vain_names_the_holder_and_the_command_that_breaks_it() -> None:
    clock = Clock()
    with pytest.raises(UserError) as error:
        free_lock(lambda: LOCK, lambda _: False, lambda _: False, clock.waiting(12.0))
    assert clock.now == 12.0
    assert str(error.value) == (
        f"s3://b/{STATE}: the state is locked; found anne@host, since {CREATED}, lock id 6d1b. "
        "Let that run end; if it is gone for good: paygate unlock --platform p --suffix pr42"
    )
