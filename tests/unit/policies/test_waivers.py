"""Waivers: what they hide, and every reason for which they fail the gate."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies import waivers
from policies.errors import GateError
from policies.rule import Finding
from policies.verdict import Judged
from policies.waivers import Waived, apply_waivers, load_waivers
from tests.unit.policies.standins import TODAY, rule

ENTRY: dict[str, Any] = {
    "spec": "payments",
    "rule": "size",
    "address": "aws_x.a",
    "reason": "agreed until the next release",
    "ticket": "T-1",
    "approver": "someone",
    "granted": "2026-11-01",
    "expires": "2027-01-15",
}
RULES = frozenset({"size", "shape"})
KNOWN = {"size": ("P.1.1",), "shape": ()}  # with the clauses they serve


def file(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "waivers.yaml"
    path.write_text(yaml.safe_dump({"waivers": list(entries)}))
    return path


def applied(folder: Path, *entries: dict[str, Any], today: date = TODAY, rules: frozenset[str] = RULES) -> Waived:
    """These waivers on a finding of each rule at aws_x.a and aws_x.b."""
    findings = [
        Judged(rule(name), Finding(f"aws_x.{at}", "size", 2, 1)) for name in ("size", "shape") for at in ("a", "b")
    ]
    return apply_waivers(
        load_waivers(file(folder, *entries)), findings, spec="payments", rules=rules, known=KNOWN, today=today
    )


def hidden(result: Waived) -> list[tuple[str, str]]:
    return [(item.rule.id, item.finding.address) for item in result.findings if item.waived]


def test_a_waiver_hides_one_rule_at_one_address(tmp_path: Path) -> None:
    result = applied(tmp_path, ENTRY)
    assert hidden(result) == [("size", "aws_x.a")]
    assert (result.errors, result.notes) == ((), ())


def test_a_pattern_hides_one_rule_at_all_its_addresses(tmp_path: Path) -> None:
    assert hidden(applied(tmp_path, {**ENTRY, "address": "aws_x.*"})) == [("size", "aws_x.a"), ("size", "aws_x.b")]


def without(key: str, **others: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ENTRY, **others}.items() if name != key}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "expired": ({**ENTRY, "expires": "2026-11-21"}, "expired on 2026-11-21"),
    "too long": ({**ENTRY, "expires": "2027-01-31"}, "lasts 91 days"),
    "never expires": (without("expires"), "never expires"),
    "from the future": ({**ENTRY, "granted": "2026-11-23"}, "in the future"),
    "expires before it was granted": ({**ENTRY, "expires": "2026-10-01"}, "before it was granted"),
    "every rule": ({**ENTRY, "rule": "*"}, "too broad: it would hide 2 rules"),
    "some rules": ({**ENTRY, "rule": "s*"}, "too broad: it would hide 2 rules"),
    "a pattern of one rule": ({**ENTRY, "rule": "siz?"}, "too broad"),
    "every Checkov check": ({**ENTRY, "rule": "CKV_AWS_*"}, "too broad"),
    "unknown rule": ({**ENTRY, "rule": "unheard-of"}, "does not exist"),
    "no such clause": ({**ENTRY, "clause": "P.99.1"}, "names clause P.99.1, which platform payments does not have"),
    "a clause of another platform": ({**ENTRY, "clause": "G.1.1"}, "names clause G.1.1, which platform payments"),
    "a clause of a spec without a platform": ({**ENTRY, "spec": "baseline", "clause": "P.6.2"}, "names clause P.6.2"),
    "the clause of the rule": ({**ENTRY, "clause": "P.1.1"}, "names clause P.1.1, which the rule itself serves"),
    "no such spec": ({**ENTRY, "spec": "payment"}, "is for spec payment, which does not exist"),
    "expired, of another spec": ({**ENTRY, "spec": "baseline", "expires": "2026-11-21"}, "expired on 2026-11-21"),
    "too long, of another spec": ({**ENTRY, "spec": "baseline", "expires": "2027-01-31"}, "lasts 91 days"),
    "unused": ({**ENTRY, "address": "aws_x.c"}, "hides nothing"),
}


@pytest.mark.parametrize(("entry", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_waiver_is_an_error_and_hides_nothing(tmp_path: Path, entry: dict[str, Any], fault: str) -> None:
    result = applied(tmp_path, entry)
    assert hidden(result) == []
    assert any(fault in error.message for error in result.errors), result.errors


def test_ninety_days_are_allowed_and_the_last_day_counts(tmp_path: Path) -> None:
    entry = {**ENTRY, "granted": "2026-11-01", "expires": "2027-01-30"}
    assert hidden(applied(tmp_path, entry, today=date(2027, 1, 30))) == [("size", "aws_x.a")]


def test_a_clause_may_be_the_reason_for_good(tmp_path: Path) -> None:
    for entry in (without("expires", clause="P.6.2"), {**ENTRY, "clause": "P.6.2", "expires": "2036-01-01"}):
        result = applied(tmp_path, entry)
        assert hidden(result) == [("size", "aws_x.a")]
        assert result.errors == ()


@pytest.mark.parametrize(("expires", "told"), [("2026-12-06", True), ("2026-12-07", False)])
def test_a_waiver_is_told_of_in_its_last_fourteen_days(tmp_path: Path, expires: str, told: bool) -> None:
    assert bool(applied(tmp_path, {**ENTRY, "expires": expires}).notes) is told


def test_a_waiver_of_a_rule_that_did_not_run_is_not_unused(tmp_path: Path) -> None:
    assert applied(tmp_path, {**ENTRY, "address": "aws_x.c"}, rules=frozenset({"shape"})).errors == ()


def test_a_waiver_of_another_spec_hides_nothing_and_is_not_unused(tmp_path: Path) -> None:
    result = applied(tmp_path, {**ENTRY, "spec": "baseline"})
    assert (hidden(result), result.errors) == ([], ())


def test_a_built_in_check_serves_no_clause(tmp_path: Path) -> None:
    entry = without("expires", rule="CKV_AWS_9", clause="P.1.1")
    assert applied(tmp_path, entry).errors == ()


def test_the_clauses_are_read_only_for_a_waiver_that_names_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "clauses.yaml"
    monkeypatch.setattr(waivers, "CLAUSES", missing)
    waivers.clauses_of.cache_clear()
    assert applied(tmp_path, ENTRY).errors == ()
    with pytest.raises(GateError, match=str(missing)):
        applied(tmp_path, {**ENTRY, "clause": "P.6.2"})


BROKEN: list[dict[str, Any]] = [
    *(without(key) for key in ("spec", "rule", "address", "reason", "approver", "granted", "ticket")),
    {**ENTRY, "address": "*"},
    {**ENTRY, "address": "*.a"},
    {**ENTRY, "reason": "because"},
    {**ENTRY, "granted": "yesterday"},
    {**ENTRY, "granted": "2026-13-41"},
    {**ENTRY, "clause": "later"},
    {**ENTRY, "approver": " "},
    {**ENTRY, "reason": " " * 30},
    {**ENTRY, "ticket": "\t "},
    {**ENTRY, "extra": 1},
    {**ENTRY, "rule": 5},
]


@pytest.mark.parametrize("entry", BROKEN)
def test_a_waiver_that_breaks_the_schema_is_refused(tmp_path: Path, entry: dict[str, Any]) -> None:
    with pytest.raises(GateError, match=r"waivers\.yaml"):
        load_waivers(file(tmp_path, entry))


def test_the_waivers_of_the_project_are_sound() -> None:
    load_waivers()


def test_a_waiver_for_all_specs_hides_a_built_in_check_and_may_hide_nothing(tmp_path: Path) -> None:
    entry = {**without("expires"), "spec": "all", "rule": "CKV_AWS_1", "clause": "G.7.3"}
    found = [Judged(rule("CKV_AWS_1"), Finding("aws_x.a", "size", 2, 1))]
    known = {"CKV_AWS_1": ()}

    def waived(findings: list[Judged]) -> Waived:
        return apply_waivers(
            load_waivers(file(tmp_path, entry)),
            findings,
            spec="payments",
            rules=frozenset({"CKV_AWS_1"}),
            known=known,
            today=TODAY,
        )

    assert hidden(waived(found)) == [("CKV_AWS_1", "aws_x.a")]
    assert waived([]).errors == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "size"}, "is for every spec, as only built-in checks of Checkov can be"),
        ({"rule": "CKV_AWS_1", "clause": "X.9.9"}, "names clause X.9.9, which no platform has"),
    ],
)
def test_a_waiver_for_all_specs_is_for_built_in_checks_and_names_a_clause_of_some_platform(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    (error,) = applied(tmp_path, {**ENTRY, "spec": "all", **change}).errors
    assert message in error.message
