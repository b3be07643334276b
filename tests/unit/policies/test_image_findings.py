"""Accepted findings: what they hide, and every reason for which they stop a deployment."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.errors import GateError
from policies.image_findings import Accepted, Found, accept, load_acceptances
from tests.unit.policies.standins import TODAY

ENTRY: dict[str, Any] = {
    "vulnerability": "CVE-2026-1234",
    "repository": "payments/refunds",
    "reason": "the code that has it is not reachable",
    "approver": "security",
    "granted": "2026-11-01",
    "expires": "2027-01-15",
}
HERE = Found("payments/refunds", "CVE-2026-1234")
OTHER = Found("payments/refunds", "CVE-2026-9")
ELSEWHERE = Found("payments/pay-api", "CVE-2026-1234")
REPOSITORIES = frozenset({"payments/refunds", "payments/pay-api"})

pytestmark = pytest.mark.clause("G.2.4", proof="test")


def file(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "image_findings.yaml"
    path.write_text(yaml.safe_dump({"findings": list(entries)}))
    return path


def accepted(
    folder: Path,
    *entries: dict[str, Any],
    found: tuple[Found, ...] = (HERE, OTHER, ELSEWHERE),
    repositories: frozenset[str] = REPOSITORIES,
    unread: frozenset[str] = frozenset(),
    today: date = TODAY,
) -> Accepted:
    entries_read = load_acceptances(file(folder, *entries))
    return accept(entries_read, found, repositories=repositories, unread=unread, today=today)


def test_an_entry_hides_one_vulnerability_in_one_repository(tmp_path: Path) -> None:
    result = accepted(tmp_path, ENTRY)
    assert {found: entry.reason for found, entry in result.by.items()} == {HERE: ENTRY["reason"]}
    assert (result.errors, result.notes) == ((), ())


@pytest.mark.parametrize(
    ("pattern", "name", "hidden"),
    [
        ("ecr-repository-fraud-*", "ecr-repository-fraud-pr42", True),
        ("ecr-repository-fraud-*", "ecr-repository-fraud-", False),
        ("ecr-repository-fraud-*", "ecr-repository-fraud", False),
        ("ecr-repository-fraud-*", "ecr-repository-fraud-x/y", False),
        ("ecr-repository-fraud-*", "ecr-repository-frauds-pr42", False),
        ("a.b/c-*", "a-b/c-pr42", False),
        ("payments/refunds", "payments/refunds-pr42", False),
        ("payments/refunds", "our/payments/refunds", False),
    ],
)
def test_a_star_stands_for_the_end_of_one_name(tmp_path: Path, pattern: str, name: str, hidden: bool) -> None:
    found = Found(name, "CVE-2026-1234")
    result = accepted(tmp_path, {**ENTRY, "repository": pattern}, found=(found,), repositories=frozenset({name}))
    assert (found in result.by) is hidden
    assert result.errors == ()


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "expired": ({**ENTRY, "expires": "2026-11-21"}, "expired on 2026-11-21"),
    "too long": ({**ENTRY, "expires": "2027-01-31"}, "lasts 91 days, and 90 are allowed"),
    "from the future": ({**ENTRY, "granted": "2026-11-23"}, "granted in the future, on 2026-11-23"),
    "expires before it was granted": ({**ENTRY, "expires": "2026-10-01"}, "before it was granted"),
    "two repositories": (
        {**ENTRY, "repository": "payments/*"},
        "too broad: it is about payments/pay-api, payments/refunds",
    ),
    "expired, of another platform": ({**ENTRY, "repository": "else/where", "expires": "2026-11-21"}, "expired on"),
    "too long, of another platform": ({**ENTRY, "repository": "else/where", "expires": "2027-01-31"}, "lasts 91"),
    "another vulnerability": ({**ENTRY, "vulnerability": "CVE-2020-1"}, "hides nothing that would stop"),
    "part of a name": ({**ENTRY, "vulnerability": "CVE-2026-123"}, "hides nothing that would stop"),
}


@pytest.mark.parametrize(("entry", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_entry_is_an_error_and_hides_nothing(tmp_path: Path, entry: dict[str, Any], fault: str) -> None:
    result = accepted(tmp_path, entry)
    assert result.by == {}
    assert any(fault in error for error in result.errors), result.errors
    assert all(entry["repository"] in error and entry["vulnerability"] in error for error in result.errors)


def test_ninety_days_are_allowed_and_the_last_day_counts(tmp_path: Path) -> None:
    entry = {**ENTRY, "granted": "2026-11-01", "expires": "2027-01-30"}
    assert HERE in accepted(tmp_path, entry, today=date(2027, 1, 30)).by
    assert HERE not in accepted(tmp_path, entry, today=date(2027, 1, 31)).by


def test_an_entry_must_hide_something_only_where_its_repository_is_run(tmp_path: Path) -> None:
    assert accepted(tmp_path, ENTRY, found=(), repositories=frozenset({"gateway/api"})).errors == ()
    (error,) = accepted(tmp_path, ENTRY, found=(), repositories=frozenset({"payments/refunds"})).errors
    assert error == (
        "acceptance of CVE-2026-1234 in payments/refunds hides nothing that would stop the deployment. Remove it."
    )


def test_an_entry_need_not_hide_anything_while_scans_of_its_repository_are_unread(tmp_path: Path) -> None:
    assert accepted(tmp_path, ENTRY, found=(), unread=frozenset({"payments/refunds"})).errors == ()
    assert len(accepted(tmp_path, ENTRY, found=(), unread=frozenset({"payments/pay-api"})).errors) == 1


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({**ENTRY, "expires": "2026-11-21"}, "expired on"),
        ({**ENTRY, "repository": "payments/*"}, "too broad"),
    ],
)
def test_other_faults_count_while_scans_are_unread(tmp_path: Path, entry: dict[str, Any], fault: str) -> None:
    (error,) = accepted(tmp_path, entry, found=(), unread=REPOSITORIES).errors
    assert fault in error


@pytest.mark.parametrize(("expires", "told"), [("2026-12-06", True), ("2026-12-07", False)])
def test_an_entry_is_told_of_in_its_last_fourteen_days(tmp_path: Path, expires: str, told: bool) -> None:
    assert bool(accepted(tmp_path, {**ENTRY, "expires": expires}).notes) is told


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in ENTRY.items() if name != key}


BROKEN: list[dict[str, Any]] = [
    *(without(key) for key in ENTRY),
    {**ENTRY, "vulnerability": "*"},
    {**ENTRY, "vulnerability": "CVE-2026-*"},
    {**ENTRY, "vulnerability": "CVE"},
    {**ENTRY, "repository": "*"},
    {**ENTRY, "repository": "payments*"},
    {**ENTRY, "repository": "*/refunds"},
    {**ENTRY, "repository": "payments/*/refunds"},
    {**ENTRY, "repository": "payments/re?unds"},
    {**ENTRY, "repository": "-*"},
    {**ENTRY, "repository": ""},
    {**ENTRY, "reason": "because"},
    {**ENTRY, "reason": " " * 30},
    {**ENTRY, "approver": " "},
    {**ENTRY, "granted": "yesterday"},
    {**ENTRY, "granted": "2026-13-41"},
    {**ENTRY, "expires": "2026-02-30"},
    {**ENTRY, "extra": 1},
]


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("entry", BROKEN)
def test_an_entry_that_breaks_the_schema_is_refused(tmp_path: Path, entry: dict[str, Any]) -> None:
    with pytest.raises(GateError, match=r"image_findings\.yaml"):
        load_acceptances(file(tmp_path, entry))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_list_that_is_missing_is_no_empty_list(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="cannot be read"):
        load_acceptances(tmp_path / "image_findings.yaml")


def test_the_list_of_the_project_is_sound() -> None:
    load_acceptances()
