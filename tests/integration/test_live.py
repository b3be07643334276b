"""Every live check of the payments platform, asked of what is really deployed."""

import pytest

from delivery.checks.check import Check, all_checks, run_checks
from delivery.checks.live import Live
from tests.integration.targets import Deployed


@pytest.fixture(scope="session")
def problems(deployed: Deployed) -> dict[str, tuple[str, ...]]:
    """Problems of every check by its name; AWS is asked once."""
    return {result.check.name: result.problems for result in run_checks(deployed.live())}


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, marks=pytest.mark.clause(*check.clauses, proof="live"), id=check.name)
        for check in all_checks()
    ],
)
def test_what_aws_says_is_what_the_spec_states(check: Check, problems: dict[str, tuple[str, ...]]) -> None:
    assert not problems[check.name], check.title


def test_a_check_notices_what_is_not_there(deployed: Deployed) -> None:
    live: Live = deployed.live(suffix="nobody")
    silent = [result.check.name for result in run_checks(live) if not result.problems]
    assert silent == []
