"""A nightly run gets the most readable suffix that every name of its platform has room for."""

from collections.abc import Callable

import pytest

from delivery.ci.suffix import base_36, candidates, first_that_fits
from delivery.errors import UserError
from infra.settings import SettingsErrors, load
from tests.conftest import GATEWAY, PAYMENTS

SETTINGS = {"payments": PAYMENTS, "gateway": GATEWAY}


def refused_by(platform: str) -> Callable[[str], UserError | None]:
    def refused(suffix: str) -> UserError | None:
        try:
            load(SETTINGS[platform], suffix)
        except SettingsErrors as error:
            return UserError(str(error))
        return None

    return refused


@pytest.mark.parametrize(
    ("platform", "run_number", "suffix"),
    [
        ("gateway", 7, "nightly-7"),
        ("gateway", 12, "nightly-12"),
        ("gateway", 123, "n-123"),  # nightly-123 makes a role name of 65 characters; AWS allows 64
        ("gateway", 1234, "n-1234"),
        ("payments", 7, "n-7"),
        ("payments", 1234, "n-1234"),  # tg-payment-api-production-n-1234 has 32 characters
        ("payments", 12345, "n-x9ix"),
        ("payments", 46_655, "n-xzzz"),  # one run a night: after 127 years
    ],
)
def test_the_longest_form_that_infra_accepts_is_taken(platform: str, run_number: int, suffix: str) -> None:
    assert first_that_fits(candidates(run_number), refused_by(platform)) == suffix


def test_when_nothing_fits_the_last_refusal_says_why() -> None:
    with pytest.raises(UserError, match="32"):
        first_that_fits(candidates(10**12), refused_by("payments"))


def test_every_form_matches_what_the_role_of_the_pipeline_may_deploy() -> None:
    assert {suffix.rpartition("-")[0] for suffix in candidates(12345)} == {"nightly", "n"}


def test_no_two_runs_share_a_suffix() -> None:
    seen = [suffix for run in range(3000) for suffix in candidates(run)]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (35, "z"), (36, "10"), (123456, "2n9c")])
def test_numbers_are_written_in_digits_and_letters(number: int, text: str) -> None:
    assert base_36(number) == text
    assert int(text, 36) == number
