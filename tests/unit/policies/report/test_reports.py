"""Reports: each form of a verdict is whole, valid, and survives whatever a stack may contain."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from jsonschema import Draft202012Validator

import policies
from policies.graph import Provenance
from policies.report import FORMATS, render
from policies.report.paths import uri
from policies.report.plain import in_words
from policies.rule import Finding, Severity
from policies.verdict import Judged, Problem, Verdict
from tests.unit.policies.standins import rule

SIZE, SHAPE = rule("size"), rule("shape", severity=Severity.CRITICAL, clauses=())
PLACE = Provenance("cdktf.out/stacks/a b/cdk.tf.json", 12, "payments-x/net/a")
FOUND = Judged(SIZE, Finding("aws_x.a", "size", 2, (1, "one"), "too large:\n  1 | 2", PLACE))
BARE = Judged(SHAPE, Finding("aws_x", "", None, "a resource"))
WAIVED = Judged(SIZE, Finding("aws_x.b", "size", 3, 1, "", PLACE), waived="agreed until the next release")
NASTY = Judged(SIZE, Finding("aws_x.\ud800", "a\x00", {"k": {1, 2}, "é": object}, "\x1b[31m", "\ud800\x07", PLACE))
BROKEN = Problem("size", "the rule crashed: \x00", "aws_x.c", "size", [], "a number", "payments-x/c", PLACE.file, 9)
WHOLE = Problem("", "no resources")


def verdict(*findings: Judged, errors: tuple[Problem, ...] = (), **others: Any) -> Verdict:
    return Verdict("cdktf.out", "payments", 7, (SHAPE, SIZE), findings, errors, **{"rules_of_spec": 2, **others})


VERDICTS = {
    "pass": verdict(),
    "fail": verdict(FOUND, BARE, WAIVED),
    "waived": verdict(WAIVED, notes=("a waiver expires soon",)),
    "error": verdict(FOUND, errors=(BROKEN, WHOLE)),
    "nothing judged": Verdict("/nothing", "", 0, (), errors=(WHOLE,)),
    "partial": verdict(FOUND, partial=True, rules_of_spec=40),
    "nasty": verdict(NASTY, errors=(BROKEN,)),
}
each_verdict = pytest.mark.parametrize("judged", VERDICTS.values(), ids=VERDICTS.keys())
SCHEMAS = {
    "json": Path(policies.__file__).parent / "report.schema.json",
    "sarif": Path(__file__).parent / "sarif_profile.schema.json",
}


@pytest.mark.parametrize("form", FORMATS)
@each_verdict
def test_every_report_is_text_that_any_terminal_and_file_can_hold(judged: Verdict, form: str) -> None:
    report = render(judged, form)
    assert report.endswith("\n")
    report.encode("utf-8")


@pytest.mark.parametrize("form", SCHEMAS)
@each_verdict
def test_json_and_sarif_are_valid_by_their_schemas(judged: Verdict, form: str) -> None:
    schema = json.loads(SCHEMAS[form].read_text())
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(render(judged, form)))] == []


def test_the_json_says_everything_about_a_finding() -> None:
    report = json.loads(render(VERDICTS["fail"], "json"))
    assert report["verdict"] == "fail"
    assert report["rules"] == ["shape", "size"]
    assert report["findings"][0] == {
        "rule": "size",
        "severity": "high",
        "address": "aws_x.a",
        "attribute": "size",
        "found": 2,
        "expected": [1, "one"],
        "message": "too large:\n  1 | 2",
        "construct_path": "payments-x/net/a",
        "file": PLACE.file,
        "line": 12,
        "clauses": ["P.1.1"],
        "waived": False,
        "waiver_reason": "",
        "remediation": "Set the size to 1.",
    }
    assert [item["waived"] for item in report["findings"]] == [False, False, True]


TEXT = """\
FAIL  2 findings, 1 waived  (2 rules of spec payments, 7 resources, cdktf.out)

critical  shape  aws_x
  rule      X obeys shape
  found     nothing
  expected  a resource
  mend      Set the size to 1.

high  size  aws_x.a
  rule      X obeys size
  wrong     too large:
              1 | 2
  at        size
  found     2
  expected  [1, "one"]
  construct payments-x/net/a
  file      cdktf.out/stacks/a b/cdk.tf.json:12
  mend      Set the size to 1.
  clauses   P.1.1

waived  size  aws_x.b: agreed until the next release
"""


def test_the_text_is_short_and_starts_with_the_verdict() -> None:
    assert render(VERDICTS["fail"]) == TEXT
    assert render(VERDICTS["pass"]) == "PASS  0 findings  (2 rules of spec payments, 7 resources, cdktf.out)\n"
    assert "only 2 of 40 rules of spec payments, which is never a pass" in render(VERDICTS["partial"])
    assert render(VERDICTS["error"]).startswith("ERROR  1 finding, 2 errors  (")
    assert "note  a waiver expires soon" in render(VERDICTS["waived"])


def test_a_stack_cannot_drive_the_terminal_of_its_reader() -> None:
    report = render(VERDICTS["nasty"])
    assert "\\x1b[31m" in report
    assert not any(character < " " and character != "\n" for character in report)


def sarif(judged: Verdict) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(render(judged, "sarif"))["runs"][0]
    return run


def test_sarif_has_one_id_per_rule_and_points_at_file_line_and_resource() -> None:
    run = sarif(VERDICTS["fail"])
    assert [item["id"] for item in run["tool"]["driver"]["rules"]] == ["shape", "size"]
    found = run["results"][0]
    assert (found["ruleId"], found["ruleIndex"], found["level"]) == ("size", 1, "error")
    (location,) = found["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "cdktf.out/stacks/a%20b/cdk.tf.json"},
        "region": {"startLine": 12},
    }
    assert [item["fullyQualifiedName"] for item in location["logicalLocations"]] == ["aws_x.a", "payments-x/net/a"]


def test_sarif_tells_waived_from_open_and_one_finding_from_another() -> None:
    results = sarif(VERDICTS["fail"])["results"]
    assert [item.get("suppressions") for item in results] == [
        None,
        None,
        [{"kind": "external", "justification": "agreed until the next release"}],
    ]
    prints = [item["partialFingerprints"]["paygate/v1"] for item in results]
    assert len(set(prints)) == 3
    moved = Judged(SIZE, Finding("aws_x.a", "size", 9, 1, "", Provenance(PLACE.file, 99)))
    assert sarif(verdict(moved))["results"][0]["partialFingerprints"]["paygate/v1"] == prints[0]


def test_a_sarif_run_with_errors_was_not_successful() -> None:
    (invocation,) = sarif(VERDICTS["error"])["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 2
    assert [item.get("associatedRule") for item in invocation["toolExecutionNotifications"]] == [{"id": "size"}, None]
    assert sarif(VERDICTS["fail"])["invocations"][0]["executionSuccessful"] is True


def suite(judged: Verdict) -> Element:
    found = fromstring(render(judged, "junit")).find("testsuite")  # noqa: S314 - our own output
    assert found is not None
    return found


OUTCOMES = [
    ("pass", {"gate": None, "shape": None, "size": None}),
    ("fail", {"gate": None, "shape": "failure", "size": "failure"}),
    ("waived", {"gate": None, "shape": None, "size": "skipped"}),
    ("error", {"gate": "error", "shape": None, "size": "error"}),
]


@pytest.mark.parametrize(("name", "outcomes"), OUTCOMES)
def test_junit_has_one_case_per_rule_with_its_outcome(name: str, outcomes: dict[str, str | None]) -> None:
    found = suite(VERDICTS[name])
    assert {case.get("name"): (case[0].tag if len(case) else None) for case in found} == outcomes
    for tag, counter in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(found.get(counter, "-1")) == list(outcomes.values()).count(tag)
    assert found.get("tests") == "3"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "nothing"), ("x", "x"), ((1, "a"), '[1, "a"]'), ({"b", "a"}, '["a", "b"]'), (True, "true")],
)
def test_values_are_told_in_one_line(value: Any, text: str) -> None:
    assert in_words(value) == text
    assert len(in_words("x" * 1000)) == 300


def test_files_outside_the_working_directory_are_file_uris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri(str(tmp_path / "a b" / "c.json")) == "a%20b/c.json"
    assert uri("/else/where.json") == "file:///else/where.json"
