"""Each test over the stack turns red when its subject is damaged: a test that cannot fail proves nothing."""

import copy
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.infra.damage import DAMAGES, Damage
from tests.unit.infra.stack import Stack

Test = Callable[[Stack], None]
FOLDER = Path(__file__).parent


def found_in_this_folder() -> Iterator[Test]:
    """Every test function of this folder whose only argument is `stack`."""
    for file in sorted(FOLDER.glob("test_*.py")):
        module = importlib.import_module(f"tests.unit.infra.{file.stem}")
        for name, member in vars(module).items():
            if name.startswith("test_") and callable(member) and member.__code__.co_varnames[:1] == ("stack",):
                yield member


TESTS = list(found_in_this_folder())
CASES = [(test, damage) for test in TESTS for damage in getattr(test, DAMAGES, ())]


@pytest.mark.parametrize(("test", "damage"), CASES, ids=[f"{test.__name__}: {damage}" for test, damage in CASES])
def test_a_damaged_stack_turns_its_test_red(payments: dict[str, Any], test: Test, damage: Damage) -> None:
    damaged = copy.deepcopy(payments)
    damage.apply(damaged)
    with pytest.raises(AssertionError):
        test(Stack(damaged))


def test_every_test_over_the_stack_names_a_damage() -> None:
    assert len(TESTS) > 50
    assert [test.__name__ for test in TESTS if not getattr(test, DAMAGES, ())] == []
