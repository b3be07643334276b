"""The four steps: in turn, repeated, out of turn, late, and beside others."""

import json
from typing import Any

import pytest

from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.random_text import random_text
from infra.lambdas.rotation.request import STEPS
from tests.unit.infra.lambdas.interruptions import Interruption
from tests.unit.infra.lambdas.secrets_manager import (
    ARN,
    CURRENT,
    FIRST,
    FIRST_VERSION,
    PENDING,
    PREVIOUS,
    failed,
)
from tests.unit.infra.lambdas.targets import Api, Database, Target
from tests.unit.infra.lambdas.world import NEW, NEXT, World


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("clears_pending", [False, True])
@pytest.mark.parametrize("target", [Database, Api])
def test_four_steps_replace_the_value(target: type[Target], clears_pending: bool) -> None:
    world = World(target(), clears_pending=clears_pending)
    world.rotate()

    assert world.labels(NEW) == {CURRENT}
    assert world.labels(FIRST_VERSION) == {PREVIOUS, FIRST}
    assert world.value(CURRENT).keys() == {"place", "credential", "note"}
    assert world.target.takes(world.value(CURRENT)["credential"])

    world.rotate(NEXT)
    assert world.labels(NEXT) == {CURRENT}
    assert world.labels(NEW) == {PREVIOUS}
    assert world.value(CURRENT)["credential"] != world.value(PREVIOUS)["credential"]


@pytest.mark.clause("G.7.3", proof="test")
def test_steps_that_come_twice_change_nothing() -> None:
    world = World()
    world.aws.start_rotation(NEW)
    for step in STEPS:
        world.take(step)
        value, password = world.aws.versions[NEW].value, world.target.password  # type: ignore[attr-defined]
        world.take(step)
        assert (world.aws.versions[NEW].value, world.target.password) == (value, password)  # type: ignore[attr-defined]

    calls = world.target.calls
    for step in reversed(STEPS):
        world.take(step)
    assert world.labels(NEW) == {CURRENT}
    assert world.target.calls == calls


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("step", STEPS[1:])
def test_a_step_before_its_turn_is_refused(step: str) -> None:
    world = World()
    world.aws.start_rotation(NEW)

    with pytest.raises(RotationError, match="no value for this target"):
        world.take(step)

    world.take("createSecret")
    if step != "setSecret":
        with pytest.raises(RotationError, match=r"the new credential does not work|refused"):
            world.take(step)
    assert world.labels(FIRST_VERSION) == {CURRENT, FIRST}


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("step", STEPS)
def test_a_late_step_of_an_older_rotation_is_refused(step: str) -> None:
    world = World()
    world.rotate(NEW)
    world.rotate(NEXT)

    with pytest.raises(RotationError, match="found a version without AWSPENDING"):
        world.take(step, NEW)
    assert world.target.takes(world.value(CURRENT)["credential"])


@pytest.mark.clause("G.7.3", proof="test")
def test_a_hanging_rotation_does_not_keep_the_next_one_from_working() -> None:
    world = World()
    world.aws.start_rotation(NEW)
    world.take("createSecret")
    world.take("setSecret")

    world.rotate(NEXT)

    assert world.labels(NEXT) == {CURRENT}
    assert not world.labels(NEW)


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    "value",
    ["not JSON", "[]", json.dumps({"place": 1, "credential": random_text()})],
    ids=["no JSON", "a list", "of another place"],  # a random text would be another id in each process
)
def test_a_value_for_another_target_is_given_up(value: str) -> None:
    """As after a correction of the host: the version cannot be changed, and would block every further rotation."""
    world = World()
    world.aws.start_rotation(NEW)
    world.aws.put_secret_value(SecretId=ARN, ClientRequestToken=NEW, SecretString=value, VersionStages=[PENDING])

    with pytest.raises(RotationError, match=r"has been given up. Rotate the secret again."):
        world.take("createSecret")

    assert world.aws.holder_of(PENDING) is None
    world.rotate(NEXT)
    assert world.labels(NEXT) == {CURRENT}


def test_a_value_that_another_call_stored_first_is_kept() -> None:
    """Reads may be older than writes: the second call does not see the value, and its own is refused by the API."""
    world = World()
    world.aws.start_rotation(NEW)
    world.take("createSecret")
    stored = world.aws.versions[NEW].value

    class Behind:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.aws, name)

        def get_secret_value(self, **arguments: Any) -> dict[str, Any]:
            if arguments.get("VersionId") == NEW:
                raise failed("ResourceNotFoundException", "GetSecretValue")
            return world.aws.get_secret_value(**arguments)

    world.take("createSecret", client=Behind())

    assert world.aws.versions[NEW].value == stored


def test_a_label_that_is_gone_by_the_time_it_is_taken_off_is_no_error() -> None:
    world = World()
    world.aws.start_rotation(NEW)
    for step in STEPS[:3]:
        world.take(step)

    class Behind:
        """AWS takes the label off between our look and our call."""

        def __getattr__(self, name: str) -> Any:
            return getattr(world.aws, name)

        def update_secret_version_stage(self, **arguments: Any) -> dict[str, Any]:
            if arguments["VersionStage"] == PENDING:
                world.labels(NEW).discard(PENDING)
            return world.aws.update_secret_version_stage(**arguments)

    world.take("finishSecret", client=Behind())

    assert world.labels(NEW) == {CURRENT}


def test_a_finished_rotation_is_looked_at_and_nothing_else() -> None:
    world = World(clears_pending=True)
    world.rotate()
    looks = Interruption(0, False, "none")

    for step in STEPS:
        world.take(step, client=looks.around(world.aws))
    assert looks.calls == len(STEPS)


def test_the_current_label_is_not_taken_from_a_version_that_got_it_meanwhile() -> None:
    world = World()
    world.aws.start_rotation(NEW)
    for step in STEPS[:3]:
        world.take(step)

    class Overtaken:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.aws, name)

        def update_secret_version_stage(self, **arguments: Any) -> dict[str, Any]:
            world.aws.put_secret_value(SecretId=ARN, ClientRequestToken=NEXT, SecretString='{"by": "hand"}')
            return world.aws.update_secret_version_stage(**arguments)

    with pytest.raises(RotationError, match="InvalidParameterException of UpdateSecretVersionStage"):
        world.take("finishSecret", client=Overtaken())
    assert CURRENT in world.labels(NEXT)
