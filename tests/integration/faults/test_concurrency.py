"""Several environments in one account at once, one bucket of states: none touches another."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from delivery.recovery.advice import advise
from delivery.terraform.events import Event, Started
from delivery.terraform.runner import TerraformError
from delivery.terraform.workspace import read_config
from infra.app import synthesize
from infra.settings import load
from tests.conftest import GATEWAY
from tests.integration.faults.life import Life
from tests.integration.faults.outcomes import record
from tests.integration.faults.reduced import reduced
from tests.integration.faults.world import KINDS, World

SUFFIXES = ("pr1", "pr2", "pr3", "pr4", "pr5")


def test_five_environments_in_one_account_do_not_touch_each_other(world: World, tmp_path: Path) -> None:
    environment = world.account()
    lives = [
        world.life(
            suffix, reduced(read_config(synthesize(load(GATEWAY, suffix), tmp_path / suffix)), KINDS), environment
        )
        for suffix in SUFFIXES
    ]
    *early, late = lives
    doomed, *others = early
    with ThreadPoolExecutor(len(lives)) as pool:
        list(pool.map(Life.deploy, early))
        destroyed, deployed = pool.submit(doomed.destroy), pool.submit(late.deploy)
        destroyed.result()
        deployed.result()
        assert doomed.terraform.resource_addresses() == []
        assert all(pool.map(Life.second_plan_is_empty, [*others, late]))
        assert [thing for thing in late.left_behind() if "pr1" in thing] == []
        list(pool.map(Life.destroy, [*others, late]))
    assert late.left_behind() == []
    assert [life.adopted for life in lives] == [[0]] * len(lives), "none took what another had made"
    record("five environments at once in one account", runs=len(lives))


def test_of_two_deployments_of_one_environment_one_fails_with_a_clear_line(world: World, stack: dict[str, Any]) -> None:
    first = world.life("twin", stack)
    second = world.life("twin-too", stack, first.environment, state_of_life="twin")
    at_work = threading.Event()

    def notice(event: Event) -> None:
        if isinstance(event, Started):
            at_work.set()

    first.listeners.append(notice)
    with ThreadPoolExecutor(1) as pool:
        deployed = pool.submit(first.deploy)
        assert at_work.wait(60)
        with pytest.raises(TerraformError) as refused:
            second.deploy()
        deployed.result()
    advice = advise(refused.value.diagnostics)
    assert advice is not None
    assert advice.reason == "lock"
    assert first.second_plan_is_empty()
    assert second.second_plan_is_empty(), "both have one state"
    first.destroy()
    assert first.left_behind() == []
    record("two deployments of one environment at once", runs=2, needed={"the second run again": 1})
