"""Every live check of every platform, asked of what is really deployed."""

from collections.abc import Callable
from functools import cache

import pytest

from delivery.checks.check import Check, all_checks, run_checks
from policies.spec import load_spec
from tests.conftest import PLATFORMS
from tests.integration.targets import Deployed

PREFIXES = {"payments": "P.", "gateway": "G."}
Problems = Callable[[str], dict[str, tuple[str, ...]]]


@pytest.fixture(scope="session")
def problems_of(deployed: Deployed) -> Problems:
    """Problems of every check by its name, for a platform; AWS is asked once."""
    return cache(lambda platform: {found.check.name: found.problems for found in run_checks(deployed.live(platform))})


def marks(check: Check, platform: str) -> list[pytest.MarkDecorator]:
    clauses = [clause for clause in check.clauses if clause.startswith(PREFIXES[platform])]
    return [pytest.mark.clause(*clauses, proof="live")] if clauses else []


@pytest.mark.parametrize(
    ("platform", "check"),
    [
        pytest.param(platform, check, marks=marks(check, platform), id=f"{platform}: {check.name}")
        for platform in PLATFORMS
        for check in all_checks()
        if check.concerns(load_spec(platform))
    ],
)
def test_what_aws_says_is_what_the_spec_states(platform: str, check: Check, problems_of: Problems) -> None:
    assert not problems_of(platform)[check.name], check.title


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_check_notices_what_is_not_there(platform: str, deployed: Deployed) -> None:
    live = deployed.live(platform, suffix="nobody")
    silent = [result.check.name for result in run_checks(live) if not result.problems]
    assert silent == []
