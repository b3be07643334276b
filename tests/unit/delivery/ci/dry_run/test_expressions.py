"""Expressions of workflows have the values that GitHub gives them, and what is not understood is refused."""

from typing import Any

import pytest

from delivery.ci.dry_run.expressions import Scope, evaluate, fill_in, holds
from delivery.errors import UserError

CONTEXTS = {
    "github": {"repository": "a/b", "event": {"head": {"full_name": "A/B"}}},
    "vars": {"ROLE": "", "LIST": '["x", "y"]'},
    "matrix": {"gate": "lint"},
}
SCOPE = Scope(CONTEXTS)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("matrix.gate", "lint"),
        ("github.event.head.full_name == github.repository", True),  # strings are compared without regard to case
        ("vars.ROLE != ''", False),
        ("vars.NONE == ''", True),
        ("fromJSON(vars.LIST || '[]')", ["x", "y"]),
        ("fromJSON(vars.NONE || '[\"z\"]')", ["z"]),
        ("'it''s'", "it's"),
        ("true && 'a' || 'b'", "a"),
        ("false && 'a' || 'b'", "b"),
        ("!cancelled()", True),
        ("!(always() && false)", True),
        ("null", None),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Any) -> None:
    assert evaluate(expression, SCOPE) == value


@pytest.mark.parametrize(
    "expression", ["nobody.knows", "hashFiles('a')", "matrix.gate ==", "(true", "true true", "a ? b", "github.*"]
)
def test_what_is_not_understood_is_refused(expression: str) -> None:
    with pytest.raises(UserError, match="cannot read this expression"):
        evaluate(expression, SCOPE)


def test_a_whole_expression_keeps_its_type_and_one_inside_a_text_becomes_text() -> None:
    assert fill_in("${{ fromJSON(vars.LIST) }}", SCOPE) == ["x", "y"]
    assert fill_in("plan ${{ matrix.gate }} of ${{ vars.NONE }}.", SCOPE) == "plan lint of ."
    assert fill_in(90, SCOPE) == 90


@pytest.mark.parametrize(
    ("condition", "after_success", "after_failure"),
    [
        (None, True, False),
        ("always()", True, True),
        ("failure()", False, True),
        ("${{ !cancelled() }}", True, True),
        ("matrix.gate == 'lint'", True, False),  # GitHub adds success() where no status function is named
        ("always() && matrix.gate == 'unit'", False, False),
    ],
)
def test_a_condition_holds_as_on_github(condition: str | None, after_success: bool, after_failure: bool) -> None:
    assert holds(condition, SCOPE) is after_success
    assert holds(condition, Scope(CONTEXTS, failed=True)) is after_failure


def test_after_a_skipped_job_only_what_runs_always_runs() -> None:
    skipped = Scope(CONTEXTS, skipped=True)
    assert [holds(condition, skipped) for condition in (None, "always()", "failure()")] == [False, True, False]
