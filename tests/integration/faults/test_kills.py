"""Terraform killed in the middle of apply and destroy, again and again: the next run makes it good."""

import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from delivery.terraform.runner import TerraformError
from tests.integration.faults.kills import Moment, killed, moments
from tests.integration.faults.life import Life
from tests.integration.faults.outcomes import record
from tests.integration.faults.repeating import deploy_until_it_stands
from tests.integration.faults.world import World

# Two signals x 2 lives x 5 in a row = 20 moments of apply and 20 of destroy. Every killed run costs 5 to 9 s of CPU,
# most of it the start of the provider: these 40 and what makes them good take some 330 s of CPU, three minutes on two
# cores.
LIVES = 2
KILLS_IN_A_ROW = 5  # each but the first hits the run that makes good the one before
MOST_TRIES = 12
SEED = "paygate"


@dataclass
class Story:
    """What happened to one life."""

    kills: Counter[str] = field(default_factory=Counter)
    locks: Counter[str] = field(default_factory=Counter)
    adopted: int = 0
    again: int = 0
    errors: list[TerraformError] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_the_run_after_a_killed_one_converges_and_leaves_nothing(
    world: World, stack: dict[str, Any], number: signal.Signals
) -> None:
    with ThreadPoolExecutor(LIVES) as pool:
        stories = list(pool.map(lambda life: _live(world, stack, number, life), range(LIVES)))
    for phase in ("apply", "destroy"):
        kills = sum(story.kills[phase] for story in stories)
        record(
            f"{number.name} in {phase}",
            runs=kills,
            lost=sum(len(story.lost) for story in stories),
            needed={
                "the lock of the dead run broken": sum(story.locks[phase] for story in stories),
                "things adopted": sum(story.adopted for story in stories) if phase == "apply" else 0,
                "runs again": sum(story.again for story in stories) if phase == "apply" else 0,
            },
        )
    assert [story.lost for story in stories] == [[]] * LIVES
    assert [story.kills for story in stories] == [Counter(apply=KILLS_IN_A_ROW, destroy=KILLS_IN_A_ROW)] * LIVES


def _live(world: World, stack: dict[str, Any], number: signal.Signals, which: int) -> Story:
    story = Story()
    name = f"{number.name.lower()}-{which}"
    life = world.life(name, stack)
    _kill_in_a_row(life, story, "apply", moments(f"{SEED} {name} apply", number, MOST_TRIES))
    # What a dead run had asked for may be carried out after the look for it: that deployment is started again.
    errors, broken = deploy_until_it_stands(life)
    story.errors += errors
    story.again = len(errors)
    story.locks["apply"] += broken
    story.adopted = sum(life.adopted)
    if not life.second_plan_is_empty():
        story.lost.append(f"{name}: the second plan is not empty")
    secrets = life.secrets()
    _kill_in_a_row(life, story, "destroy", moments(f"{SEED} {name} destroy", number, MOST_TRIES))
    life.destroy()
    story.lost += [f"{name}: left behind {thing}" for thing in life.left_behind()]
    story.lost += [f"{name}: a secret in {where}" for where in life.leaks(secrets, *story.errors)]
    return story


def _kill_in_a_row(life: Life, story: Story, phase: str, when: list[Moment]) -> None:
    """Until so many were hit. A run that was over before its moment leaves nothing to be killed at: it is undone."""
    run, undo = (life.deploy, life.destroy) if phase == "apply" else (life.destroy, life.deploy)
    for moment in when:
        if story.kills[phase] == KILLS_IN_A_ROW:
            return
        end = killed(life, moment, run)
        story.errors += [end.error] if end.error else []
        story.kills[phase] += end.hit
        story.locks[phase] += life.unlock()
        if not end.hit and not end.error:
            undo()
