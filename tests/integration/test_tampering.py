"""Whatever somebody changes by hand in a deployed stack, a verification sees it, where it is."""

import pytest

from delivery.lifecycle.steps import plan_again
from tests.conftest import PLATFORMS
from tests.integration.tampering.change import Change
from tests.integration.tampering.document import rows_seen, write_results
from tests.integration.tampering.run import Course, Seen, run_side_by_side
from tests.integration.tampering.table import CHANGES
from tests.integration.targets import SANDBOX, Deployed

GREEN = Seen(frozenset(), frozenset(), ())


@pytest.fixture(scope="session")
def courses(deployed: Deployed) -> dict[str, Course]:
    """The whole table, run once; its results are left for the document."""
    if deployed.target != SANDBOX:
        pytest.skip("a stack on AWS is not opened to the world to see whether somebody notices")
    found = run_side_by_side(deployed.deployments, CHANGES)
    write_results(rows_seen(CHANGES, found))
    return found


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_stack_that_nobody_changed_is_green_and_holds_nothing_unmanaged(
    platform: str, courses: dict[str, Course]
) -> None:
    assert courses[platform].before == GREEN


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.platform}: {change.name}")
def test_a_change_is_red_at_its_resource_and_nowhere_else(change: Change, courses: dict[str, Course]) -> None:
    seen = courses[change.platform].changed[change.name]
    assert change.is_red_in(seen.findings), f"{change.rule} at {change.at}: {sorted(seen.findings)}"
    assert (seen.rules, seen.unread) == (change.red, frozenset(change.unread))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_stack_is_green_when_everything_is_taken_back(platform: str, courses: dict[str, Course]) -> None:
    assert courses[platform].after == GREEN


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_is_left_for_terraform_to_mend(platform: str, courses: dict[str, Course], deployed: Deployed) -> None:
    assert plan_again(deployed.of(platform)).note == "empty"
