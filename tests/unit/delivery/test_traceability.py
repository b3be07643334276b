"""The table of clauses and their proofs."""

from delivery.traceability import render, rows_of

CLAUSES = {
    "payments": [
        {"id": "P.1", "text": "one", "proof": ["synth", "live"]},
        {"id": "P.2", "text": "two", "proof": ["doc"]},
    ],
    "gateway": [{"id": "G.1", "text": "three", "proof": ["synth"]}],
}
BUILT = frozenset({"payments"})


def record(clause: str, proof: str, test: str = "a") -> dict[str, str]:
    return {"clause": clause, "proof": proof, "test": test}


def test_a_clause_is_proven_when_every_kind_it_asks_for_has_a_passed_test_and_a_rule() -> None:
    records = [record("P.1", "synth"), record("P.1", "live"), record("P.2", "doc")]
    assert [row.unmet for row in rows_of(CLAUSES, BUILT, {"P.1": ("rule",)}, records)] == [(), (), ()]


def test_a_missing_kind_and_a_missing_rule_are_named() -> None:
    rows = list(rows_of(CLAUSES, BUILT, {}, [record("P.1", "synth")]))
    assert rows[0].unmet == ("live", "synth (no rule)")
    assert rows[1].unmet == ("doc",)


def test_a_platform_that_is_not_built_owes_nothing_yet() -> None:
    assert list(rows_of(CLAUSES, BUILT, {}, []))[2].unmet == ()


def test_a_test_that_ran_twice_counts_once() -> None:
    rows = list(rows_of(CLAUSES, BUILT, {}, [record("P.2", "doc"), record("P.2", "doc"), record("P.2", "doc", "b")]))
    assert rows[1].tests["doc"] == 2


def test_kinds_that_are_not_asked_for_show_as_a_dot() -> None:
    rows = rows_of(CLAUSES, BUILT, {"P.1": ("x", "y")}, [record("P.1", "synth")])
    assert "| P.1 | 1 | 0 | · | · | x, y | one |" in render(rows)
