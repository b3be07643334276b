"""The state cannot be written, or everything is gone: the run ends in time and says what to do."""

import contextlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from delivery.recovery.advice import advice_on, advise
from delivery.sandbox.emulator import Emulator
from delivery.sandbox.faults import Fault
from delivery.state.unwritten import push_unwritten
from delivery.terraform.events import Event, Finished
from delivery.terraform.runner import TerraformError
from tests.integration.faults.outcomes import record
from tests.integration.faults.repeating import deploy_until_it_stands, error_of
from tests.integration.faults.world import World

ERRORED = "errored.tfstate"
BOUND_SECONDS = 45.0  # of each plan and apply where nobody answers: the provider would ask for much longer
GRACE_SECONDS = 30.0


@pytest.mark.parametrize("kept", [True, False], ids=["with errored.tfstate", "without"])
def test_a_state_that_could_not_be_written_is_pushed_or_adopted(
    world: World, stack: dict[str, Any], kept: bool
) -> None:
    life = world.life(f"state-{kept}".lower(), stack)
    refused = Fault("full", "s3", f"PUT /{life.state.bucket}/{life.state.key}", status=403, code="AccessDenied")
    life.set_faults(refused)
    with pytest.raises(TerraformError) as ended:
        life.deploy()
    advice = advise(ended.value.diagnostics)
    assert advice is not None
    assert advice.reason == "state not written"
    assert (life.folder / ERRORED).is_file()
    life.set_faults()
    broken = life.unlock()
    terraform = life.terraform
    if kept:
        push_unwritten(life.folder / ERRORED, terraform.pull_state, terraform.push_state, "paygate")
    else:
        (life.folder / ERRORED).unlink()
    errors, broken_later = deploy_until_it_stands(life)
    assert life.second_plan_is_empty()
    secrets = life.secrets()
    life.destroy()
    strays = life.left_behind()
    assert life.leaks(secrets, ended.value, *errors) == []
    assert strays == []
    record(
        f"state refused by its bucket, errored.tfstate {'pushed' if kept else 'lost'}",
        runs=1,
        needed={
            "state pushed": int(kept),
            "the lock of the run broken": broken + broken_later,
            "things adopted": sum(life.adopted),
        },
    )


def test_a_full_disk_is_named_and_with_room_the_run_goes_on(
    world: World, stack: dict[str, Any], tmp_path: Path
) -> None:
    """No file may grow beyond 4 KiB: the same to terraform as a disk that is full, and needs no root."""
    life = world.life("full", stack)
    cramped = tmp_path / "terraform"
    cramped.write_text(f"#!/bin/sh\ntrap '' XFSZ\nulimit -f 8\nexec {life.terraform.program.path} \"$@\"\n")
    cramped.chmod(0o755)
    terraform = replace(life.terraform, program=replace(life.terraform.program, path=cramped))
    with pytest.raises(TerraformError) as ended:
        terraform.plan()
    advice = advise(ended.value.diagnostics)
    assert advice is not None
    assert advice.reason == "disk full"
    assert not life.locked()
    assert life.terraform.plan().has_changes
    record("disk full in the workspace", runs=1)


@pytest.mark.parametrize("again", [False, True], ids=["gone", "restarted"])
def test_a_run_ends_in_time_when_the_emulator_is_gone_or_empty(
    world: World, stack: dict[str, Any], again: bool
) -> None:
    """Everything is gone with it, the state too: an emulator of its own, so that the others' lives go on."""
    with Emulator.start() as first, contextlib.ExitStack() as later:
        life = World(first, world.folder / str(again)).life("gone", stack)
        life.terraform = replace(life.terraform, apply_seconds=BOUND_SECONDS)
        stopped: list[float] = []

        def stop(event: Event) -> None:
            if isinstance(event, Finished) and event.address.startswith("aws_") and not stopped:
                stopped.append(time.monotonic())
                first.stop()
                if again:
                    later.enter_context(Emulator.start(port=int(first.endpoint.rpartition(":")[2])))

        life.listeners.append(stop)
        with pytest.raises(TerraformError) as ended:
            life.deploy()
        seconds = time.monotonic() - stopped[0]
        next_error = error_of(life.deploy)
    advice = advice_on(ended.value)
    assert advice is not None
    assert advice.reason in {"out of time", "unreachable", "state not written"}
    assert seconds < BOUND_SECONDS + GRACE_SECONDS
    assert life.leaks([life.environment["AWS_SECRET_ACCESS_KEY"]], ended.value, next_error, states=False) == []
    assert next_error is not None
    said = advice_on(next_error)
    assert said is not None
    assert said.reason == ("no state bucket" if again else "unreachable")
    record(
        f"emulator {'restarted, empty,' if again else 'gone'} in the middle of apply",
        runs=1,
        needed={"deployed anew, with a new bucket for the state": 1},
    )
