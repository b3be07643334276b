"""Terraform killed in the middle of apply and destroy, again and again: the next run makes it good."""

import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration.faults.kills import killed, moments
from tests.integration.faults.outcomes import record
from tests.integration.faults.reduced import addresses
from tests.integration.faults.world import Life, World

# Two signals x 5 lives x 2 in a row = 20 moments of apply and 20 of destroy. A life costs some 35 s of CPU, most of it the
# start of the provider, so these take three minutes on two cores.
LIVES = 5
KILLS_IN_A_ROW = 2  # the second one hits the run that makes good the first
WORKERS = 3
SEED = "paygate"


@dataclass
class Story:
    """What happened to one life."""

    kills: dict[str, int] = field(default_factory=lambda: {"apply": 0, "destroy": 0})
    locks: int = 0
    adopted: list[int] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_the_run_after_a_killed_one_converges_and_leaves_nothing(
    world: World, stack: dict[str, Any], number: signal.Signals
) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        stories = list(pool.map(lambda life: _live(world, stack, number, life), range(LIVES)))
    for phase in ("apply", "destroy"):
        kills = sum(story.kills[phase] for story in stories)
        record(
            f"{number.name} in {phase}",
            runs=kills,
            converged=kills - sum(len(story.lost) for story in stories),
            needed={
                "the lock of the dead run broken": sum(story.locks for story in stories) if phase == "apply" else 0,
                "things adopted": sum(sum(story.adopted) for story in stories) if phase == "apply" else 0,
            },
        )
    assert [story.lost for story in stories] == [[]] * LIVES
    assert [story.kills for story in stories] == [{"apply": KILLS_IN_A_ROW, "destroy": KILLS_IN_A_ROW}] * LIVES


def _live(world: World, stack: dict[str, Any], number: signal.Signals, which: int) -> Story:
    story = Story()
    name = f"{number.name.lower()}-{which}"
    life = world.life(name, stack)
    events = 2 * len(addresses(stack))
    for moment in moments(f"{SEED} {name} apply", number, KILLS_IN_A_ROW, events):
        _kill(life, story, "apply", lambda moment=moment: killed(life, moment, life.deploy))
    story.adopted.append(life.deploy())
    if not life.second_plan_is_empty():
        story.lost.append(f"{name}: the second plan is not empty")
    secrets = life.secrets()
    for moment in moments(f"{SEED} {name} destroy", number, KILLS_IN_A_ROW, events):
        _kill(life, story, "destroy", lambda moment=moment: killed(life, moment, life.destroy))
    life.destroy()
    story.lost += [f"{name}: left behind {thing}" for thing in life.left_behind()]
    story.lost += [f"{name}: a secret in {where}" for where in life.leaks(secrets)]
    return story


def _kill(life: Life, story: Story, phase: str, run: Any) -> None:
    end = run()
    story.kills[phase] += end.hit
    story.locks += life.unlock()
