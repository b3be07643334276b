"""Every kind of resource of both stacks has an answer to: what if a run that died has made it already?"""

from typing import Any

import pytest

from delivery.recovery.kinds import LOOKUPS, PUT_AGAIN
from tests.conftest import PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_kind_of_a_stack_is_looked_for_or_put_again(platform: str, request: pytest.FixtureRequest) -> None:
    stack: dict[str, Any] = request.getfixturevalue(platform)
    assert sorted(set(stack["resource"]) - {*LOOKUPS, *PUT_AGAIN}) == []


def test_no_kind_has_two_answers() -> None:
    assert set(LOOKUPS) & set(PUT_AGAIN) == set()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_looked_for_by_its_tag_name_has_one_that_nothing_else_has(
    platform: str, request: pytest.FixtureRequest
) -> None:
    stack: dict[str, Any] = request.getfixturevalue(platform)
    tagged = [kind for kind, lookup in LOOKUPS.items() if lookup.needs == ("tags",) and kind in stack["resource"]]
    names = [block["tags"]["Name"] for kind in tagged for block in stack["resource"][kind].values()]
    assert len(tagged) >= 8
    assert len(set(names)) == len(names)


def test_a_secret_version_is_never_imported() -> None:
    """The provider would read its value into the state."""
    assert "aws_secretsmanager_secret_version" in PUT_AGAIN
