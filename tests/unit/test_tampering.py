"""The table of changes by hand, and its document."""

from itertools import pairwise

import pytest

from policies.registry import all_rules
from tests.conftest import PLATFORMS
from tests.integration.tampering.document import DOCUMENT, render, rows_of
from tests.integration.tampering.table import CHANGES


def test_the_document_says_what_the_table_of_the_code_says() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    assert written == render(rows_of(CHANGES)), (
        "run the tampering test, then python -m tests.integration.tampering.document"
    )


def test_at_least_45_changes_are_tried_on_both_platforms() -> None:
    assert len(CHANGES) >= 45
    assert {change.platform for change in CHANGES} == set(PLATFORMS)


def test_every_change_has_a_name_of_its_own() -> None:
    names = [(change.platform, change.name) for change in CHANGES]
    assert len(set(names)) == len(names)


def test_every_rule_that_a_change_turns_red_is_a_rule() -> None:
    known = {loaded.id for loaded in all_rules()}
    assert {rule for change in CHANGES for rule in change.red} <= known


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_verdict_on_a_change_shows_that_the_one_before_it_is_taken_back(platform: str) -> None:
    """Exactly the rules of a change are red with it, so the rule of the change before must not be one of them."""
    own = [change for change in CHANGES if change.platform == platform]
    hidden = [f"{before.name}: {after.name}" for before, after in pairwise(own) if before.rule in after.red]
    assert hidden == []
