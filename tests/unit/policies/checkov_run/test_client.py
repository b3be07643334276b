"""Checkov from outside: a scan is believed only when it shows that it ran, and says what the gate says."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policies import checkov_gate
from policies.checkov_gate import judge_with_checkov
from policies.checkov_run import client
from policies.checkov_run.client import Record, Scan, distrust, expected_results, parse_scan, run_checkov
from policies.checkov_run.ids import GATE_ID, check_id, is_ours
from policies.errors import GateError
from policies.graph.terraform_json import load_document
from policies.rule import Finding
from policies.verdict import Judged, Problem, Verdict
from tests.unit.policies.standins import STACK, TODAY, each, rule

GRAPH = load_document(STACK)
SIZE = rule("size")
ID = "CKV_PAYGATE_SIZE"
BUILT_IN = "CKV_AWS_1"


def record(result: str = "failed", address: str = "aws_x.b", identity: str = ID) -> Record:
    return Record(identity, result, address, "Title", "", (), ())


def scan(*records: Record, ids: frozenset[str] = frozenset({BUILT_IN, GATE_ID, ID}), **others: Any) -> Scan:
    return Scan("3", others.get("parsing_errors", ()), others.get("logged_errors", ()), records, ids)


def verdict(*findings: Judged, errors: tuple[Problem, ...] = ()) -> Verdict:
    return Verdict("x", "payments", 3, (SIZE,), findings, errors)


def judged(address: str = "aws_x.b", waived: str = "") -> Judged:
    return Judged(SIZE, Finding(address, "size", 2, 1), waived)


def test_ids_are_of_their_own_and_can_be_told_from_the_built_in_ones() -> None:
    assert check_id("spot-majority") == "CKV_PAYGATE_SPOT_MAJORITY"
    assert check_id("") == GATE_ID
    assert is_ours(GATE_ID)
    assert not is_ours("CKV_AWS_1")


def test_every_outcome_has_its_block_in_checkov() -> None:
    outcomes = verdict(
        judged(),
        judged("aws_x.a", waived="agreed"),
        judged("aws_x.missing"),
        errors=(Problem("size", "oops", "aws_x.a"), Problem("", "dangling")),
    )
    assert expected_results(outcomes, GRAPH) == {
        (ID, "aws_x.b"): "failed",
        (ID, "aws_x.a"): "failed",
        (ID, "aws_ecs_cluster.c"): "failed",
        (GATE_ID, "aws_ecs_cluster.c"): "failed",
    }
    assert expected_results(verdict(judged(waived="agreed")), GRAPH) == {(ID, "aws_x.b"): "skipped"}


def test_a_scan_that_ran_and_agrees_is_believed() -> None:
    assert list(distrust(scan(), verdict(), GRAPH)) == []
    assert list(distrust(scan(record()), verdict(judged()), GRAPH)) == []
    assert list(distrust(scan(record("skipped")), verdict(judged(waived="agreed")), GRAPH)) == []


DISTRUSTED: dict[str, tuple[Scan, Verdict, str]] = {
    "a file it could not parse": (scan(parsing_errors=("a.tf.json",)), verdict(), "could not parse a.tf.json"),
    "an error it went on after": (scan(logged_errors=("Failed to run check CKV_X",)), verdict(), "CKV_X"),
    "no built-in check": (scan(ids=frozenset({GATE_ID, ID})), verdict(), "scanned no resource"),
    "a rule that did not run": (scan(ids=frozenset({BUILT_IN, GATE_ID})), verdict(), f"did not run {ID}"),
    "a gate that did not run": (scan(ids=frozenset({BUILT_IN, ID})), verdict(), f"did not run {GATE_ID}"),
    "a finding too few": (scan(), verdict(judged()), "gate says failed where Checkov says passed"),
    "a finding too many": (scan(record()), verdict(), "gate says passed where Checkov says failed"),
    "another place": (scan(record(address="aws_x.a")), verdict(judged()), "says"),
    "a waiver it does not know": (scan(record()), verdict(judged(waived="agreed")), "gate says skipped"),
}


@pytest.mark.parametrize(("found", "ours", "message"), DISTRUSTED.values(), ids=DISTRUSTED.keys())
def test_a_scan_with_a_flaw_is_an_error(found: Scan, ours: Verdict, message: str) -> None:
    problems = list(distrust(found, ours, GRAPH))
    assert any(message in problem.message for problem in problems), problems


PRINTED = {
    "version": "3",
    "parsing_errors": [],
    "logged_errors": [],
    "passed_ids": [BUILT_IN],
    "records": [
        {"id": ID, "result": "failed", "address": "a", "title": "T", "guideline": "", "keys": ["k"], "details": ["d"]}
    ],
}


def test_what_the_subprocess_prints_is_a_scan() -> None:
    found = parse_scan(json.dumps(PRINTED), "x")
    assert found.records == (Record(ID, "failed", "a", "T", "", ("k",), ("d",)),)
    assert found.ids == {BUILT_IN, ID}


@pytest.mark.parametrize("text", ["", "[]", "5", "{}", json.dumps({**PRINTED, "records": [{}]}), "banner\n{}"])
def test_anything_else_that_it_prints_is_an_error(text: str) -> None:
    with pytest.raises(GateError, match="printed no result"):
        parse_scan(text, "x")


def ended(code: int, stderr: str = "") -> Callable[..., subprocess.CompletedProcess[str]]:
    return lambda *_, **__: subprocess.CompletedProcess([], code, "", stderr)


def test_a_checkov_that_fails_or_hangs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", ended(1, "Traceback\nValueError: oops"))
    with pytest.raises(GateError, match="exit code 1: ValueError: oops"):
        run_checkov([], "x", "payments")
    monkeypatch.setattr(subprocess, "run", ended(0))
    with pytest.raises(GateError, match="printed no result"):
        run_checkov([], "x", "payments")

    def hang(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("checkov", client.TIMEOUT_SECONDS)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(GateError, match="did not end"):
        run_checkov([], "x", "payments")


WAIVER = """\
waivers:
  - {spec: payments, rule: CKV_AWS_9, address: aws_x.a, reason: the clause wants it so, clause: P.1.1,
     approver: someone, granted: '2026-11-01'}
"""


@pytest.fixture
def with_scan(rules: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Verdict]:
    """Judges the stack in `tmp_path` with a scan made up by the test, under one waiver of CKV_AWS_9 at aws_x.a."""
    rules(each("size"))
    (tmp_path / "waivers.yaml").write_text(WAIVER)

    def judge(path: Path, *records: Record) -> Verdict:
        insights = "CKV_PAYGATE_CONTAINER_INSIGHTS"
        found = scan(*records, ids=frozenset({BUILT_IN, GATE_ID, ID, insights}))
        monkeypatch.setattr(checkov_gate, "run_checkov", lambda *_: found)
        return judge_with_checkov(path, today=TODAY, waivers_path=tmp_path / "waivers.yaml")

    return judge


SIZED = {**STACK, "resource": {**STACK["resource"], "aws_x": {"a": {"size": 1, "tags": {"k": 5}}}}}
WAIVED = record(address="aws_x.a", identity="CKV_AWS_9")


def test_a_built_in_failure_fails_the_gate_unless_it_is_waived(
    written: Callable[..., Path], with_scan: Callable[..., Verdict]
) -> None:
    path = written(SIZED)
    failed = Record("CKV_AWS_2", "failed", "aws_x.a", "Title", "https://example.com/2", ("tags/k",), ())
    verdict = with_scan(path, WAIVED, failed)
    assert (verdict.word, verdict.exit_code, verdict.errors) == ("fail", 1, ())
    assert [(item.rule.id, item.waived) for item in verdict.findings] == [
        ("CKV_AWS_9", "the clause wants it so"),
        ("CKV_AWS_2", ""),
    ]
    (found,) = verdict.unwaived
    assert (found.finding.attribute, found.finding.found, found.rule.source.url) == (
        "tags.k",
        5,
        "https://example.com/2",
    )
    assert found.finding.provenance.line > 0
    assert {"CKV_AWS_1", "CKV_AWS_2", "CKV_AWS_9", "size"} <= {rule.id for rule in verdict.rules}
    assert with_scan(path, WAIVED).word == "pass"


def test_a_waiver_of_a_check_that_does_not_fail_any_more_is_an_error(
    written: Callable[..., Path], with_scan: Callable[..., Verdict]
) -> None:
    verdict = with_scan(written(SIZED))
    assert (verdict.word, verdict.exit_code) == ("error", 2)
    assert "hides nothing" in verdict.errors[0].message


def test_a_difference_between_gate_and_checkov_is_an_error(
    written: Callable[..., Path], with_scan: Callable[..., Verdict]
) -> None:
    verdict = with_scan(written(SIZED), WAIVED, record(address="aws_x.a"))
    assert verdict.exit_code == 2
    assert "Checkov says failed" in verdict.errors[0].message


def test_checkov_reads_no_states(tmp_path: Path, rules: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    rules(each("size"))
    state = {
        "version": 4,
        "lineage": "x",
        "resources": [{"mode": "managed", "type": "aws_x", "name": "a", "instances": []}],
    }
    state["resources"][0]["instances"] = [{"attributes": {"size": 1}}]  # type: ignore[index]
    (tmp_path / "state.json").write_text(json.dumps(state))
    verdict = judge_with_checkov(tmp_path / "state.json", today=TODAY, spec_name="payments")
    assert verdict.exit_code == 2
    assert "Terraform JSON only" in verdict.errors[-1].message


def test_a_stack_that_was_not_judged_is_not_given_to_checkov(tmp_path: Path) -> None:
    verdict = judge_with_checkov(tmp_path / "nothing", today=TODAY)
    assert (verdict.word, verdict.exit_code) == ("error", 2)
