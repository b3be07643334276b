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


def found_in(folder: Path, package: str) -> Iterator[Test]:
    """Every test function of a folder whose only argument is `stack`."""
    for file in sorted(folder.glob("test_*.py")):
        module = importlib.import_module(f"{package}.{file.stem}")
        for name, member in vars(module).items():
            if name.startswith("test_") and callable(member) and member.__code__.co_varnames[:1] == ("stack",):
                yield member


# The fixture that holds the stack of each folder's tests.
TESTS_OF = {
    "payments": list(found_in(FOLDER, "tests.unit.infra")),
    "gateway": list(found_in(FOLDER / "gateway", "tests.unit.infra.gateway")),
}
TESTS = [test for tests in TESTS_OF.values() for test in tests]
CASES = [
    pytest.param(platform, test, damage, id=f"{platform}: {test.__name__}: {damage}")
    for platform, tests in TESTS_OF.items()
    for test in tests
    for damage in getattr(test, DAMAGES, ())
]


@pytest.mark.parametrize(("platform", "test", "damage"), CASES)
def test_a_damaged_stack_turns_its_test_red(
    request: pytest.FixtureRequest, platform: str, test: Test, damage: Damage
) -> None:
    damaged: dict[str, Any] = copy.deepcopy(request.getfixturevalue(platform))
    damage.apply(damaged)
    with pytest.raises(AssertionError):
        test(Stack(damaged))


def test_every_test_over_the_stack_names_a_damage() -> None:
    assert len(TESTS) > 50
    assert [test.__name__ for test in TESTS if not getattr(test, DAMAGES, ())] == []
