"""The gate as a whole: verdicts, exit codes, and every way in which it must not pass."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policies import gate, selfproof
from policies.errors import GateError
from policies.gate import judge
from policies.registry import LoadedRule
from policies.verdict import Verdict
from tests.unit.policies.standins import CLUSTER, STACK, TODAY, each, whole

Rules = Callable[..., None]
Written = Callable[..., Path]


@pytest.fixture
def no_waivers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("waivers") / "waivers.yaml"
    path.write_text("waivers: []\n")
    return path


@pytest.fixture
def run(no_waivers: Path) -> Callable[..., Verdict]:
    def judged(path: Path, **options: Any) -> Verdict:
        return judge(path, today=TODAY, **{"waivers_path": no_waivers, **options})

    return judged


Run = Callable[..., Verdict]


def with_sizes(**sizes: Any) -> dict[str, Any]:
    bodies = {name: {"size": size} for name, size in sizes.items()}
    return {**STACK, "resource": {"aws_ecs_cluster": {"c": CLUSTER}, "aws_x": bodies}}


def test_a_stack_without_findings_passes(rules: Rules, written: Written, run: Run) -> None:
    rules(each("size"))
    verdict = run(written(with_sizes(a=1)))
    assert (verdict.word, verdict.exit_code, verdict.spec, verdict.resources) == ("pass", 0, "payments", 2)
    assert [rule.id for rule in verdict.rules] == ["container-insights", "size"]


def test_a_finding_fails_it(rules: Rules, written: Written, run: Run) -> None:
    rules(each("size"))
    verdict = run(written(with_sizes(a=1, b=2)))
    assert (verdict.word, verdict.exit_code) == ("fail", 1)
    ((found,)) = verdict.findings
    assert (found.finding.address, found.finding.provenance.line > 1) == ("aws_x.b", True)


def test_an_error_outweighs_a_finding(rules: Rules, written: Written, run: Run) -> None:
    rules(each("size"))
    verdict = run(written(with_sizes(a=[], b=2)))
    assert (verdict.word, verdict.exit_code) == ("error", 2)
    assert len(verdict.findings) == 1


@pytest.mark.parametrize(("size", "exit_code"), [(1, 2), (2, 1)])
def test_some_rules_only_are_partial_and_never_a_pass(
    rules: Rules, written: Written, run: Run, size: int, exit_code: int
) -> None:
    rules(each("size"), each("other"))
    verdict = run(written(with_sizes(a=size)), only=["size"])
    assert (verdict.word, verdict.exit_code) == ("partial", exit_code)
    assert [rule.id for rule in verdict.rules] == ["size"]


def crash(*_: Any) -> Any:
    raise ValueError("oops")


FAILURES: dict[str, tuple[Any, dict[str, Any], str]] = {
    "no resources": ({"//": STACK["//"]}, {}, "no resources"),
    "only data": ({"data": {"aws_x": {"a": {}}}}, {}, "no resources"),
    "empty file": ("", {}, "empty"),
    "invalid JSON": ('{"resource": nothing}', {}, "not JSON"),
    "truncated file": (json.dumps(STACK)[:-30], {}, "not JSON"),
    "unknown spec": (STACK, {"spec_name": "unheard-of"}, "unknown spec"),
    "a spec that is a path": (STACK, {"spec_name": "../specs/payments"}, "unknown spec"),
    "unknown stack": ({**STACK, "//": {"metadata": {"stackName": "shop-x"}}}, {}, "no spec"),
    "no stack name": ({"resource": STACK["resource"]}, {}, "which stack"),
    "stack name of a wrong type": ({**STACK, "//": {"metadata": {"stackName": 5}}}, {}, "which stack"),
    "unknown rule": (STACK, {"only": ["unheard-of"]}, "no such rule"),
    "dangling reference": (with_sizes(a="${aws_y.gone.size}"), {}, "aws_y.gone to be declared"),
    "unresolved value": (with_sizes(a="${upper(aws_x.a.id)}"), {}, "unresolved"),
    "wrong type": (with_sizes(a={"b": 1}), {}, "malformed"),
    "broken template": (with_sizes(a="${aws_x.a"), {}, "whole template"),
    "tags of a wrong type at the provider": ({**STACK, "provider": {"aws": "x"}}, {}, "is no block"),
}


@pytest.mark.parametrize(("document", "options", "message"), FAILURES.values(), ids=FAILURES.keys())
def test_what_cannot_be_judged_is_an_error(
    rules: Rules, written: Written, run: Run, document: Any, options: dict[str, Any], message: str
) -> None:
    rules(each("size"))
    verdict = run(written(document), **options)
    assert (verdict.word, verdict.exit_code) == ("error", 2)
    assert any(message in error.message for error in verdict.errors), verdict.errors


def test_a_missing_path_and_an_empty_folder_are_errors(tmp_path: Path, run: Run) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        assert run(path).exit_code == 2


def test_a_rule_that_crashes_is_an_error(rules: Rules, written: Written, run: Run) -> None:
    rules(whole("size", crash))
    verdict = run(written())
    assert (verdict.word, verdict.exit_code) == ("error", 2)
    assert verdict.errors[0].rule == "size"


def test_a_rule_that_does_not_load_is_an_error(written: Written, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[LoadedRule, ...]:
        raise GateError("a rule does not load", "policies.rules.x")

    monkeypatch.setattr(gate, "all_rules", broken)
    verdict = run(written())
    assert verdict.exit_code == 2
    assert "does not load" in verdict.errors[0].message


def test_a_broken_gate_is_an_error_and_no_traceback(
    written: Written, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "load", crash)
    verdict = run(written())
    assert verdict.exit_code == 2
    assert "ValueError: oops" in verdict.errors[0].message


def test_a_stack_about_which_no_rule_says_anything_is_an_error(rules: Rules, written: Written, run: Run) -> None:
    rules(each("size", applies_to=("aws_y",)))
    verdict = run(written({**STACK, "resource": {"aws_x": {"a": {}}}}))
    assert verdict.exit_code == 2
    assert "nothing has been judged" in verdict.errors[0].message


def test_broken_waivers_are_an_error(rules: Rules, written: Written, run: Run, tmp_path: Path) -> None:
    rules(each("size"))
    waivers = tmp_path / "waivers.yaml"
    for text in ("", "waivers: [", "waivers: [{rule: size}]", "waivers: []\nwaivers: []"):
        waivers.write_text(text)
        assert run(written(with_sizes(a=1)), waivers_path=waivers).exit_code == 2
    assert run(written(with_sizes(a=1)), waivers_path=tmp_path / "nothing.yaml").exit_code == 2


def nothing_found(*_: Any) -> tuple[Any, ...]:
    return ()


def test_a_gate_that_does_not_see_the_seeded_violation_is_broken(
    rules: Rules, written: Written, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(each("size"))
    monkeypatch.setattr(gate, "run_rules", lambda *_: ((), ()))
    verdict = run(written(with_sizes(a=1)))
    assert verdict.exit_code == 2
    assert "planted" in verdict.errors[0].message


def test_a_seeded_rule_that_has_gone_blind_breaks_the_gate(
    written: Written, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = (each("container-insights", nothing_found, applies_to=("aws_ecs_cluster",)), each("size"))
    for loaded in (blind, blind[1:]):
        monkeypatch.setattr(gate, "all_rules", lambda loaded=loaded: loaded)
        verdict = run(written(with_sizes(a=1)))
        assert (verdict.word, verdict.exit_code) == ("error", 2)


def test_the_seeded_violation_goes_through_the_loaded_graph(
    rules: Rules, written: Written, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(each("size"))
    seen: list[Any] = []
    plant = selfproof.seeded

    def watched(graph: Any) -> Any:
        seen.append(plant(graph))
        return seen[-1]

    monkeypatch.setattr(selfproof, "seeded", watched)
    verdict = run(written(with_sizes(a=1)))
    assert list(seen[0].resources) == ["aws_ecs_cluster.c", "aws_x.a", selfproof.SEEDED_ADDRESS]
    assert verdict.word == "pass"
    assert verdict.resources == 2


def test_only_baseline_rules_judge_by_the_baseline(rules: Rules, written: Written, run: Run) -> None:
    rules(each("size"), each("for-any", baseline=True))
    verdict = run(written({"resource": with_sizes(a=1)["resource"]}), spec_name="baseline")
    assert [rule.id for rule in verdict.rules] == ["container-insights", "for-any"]
    assert verdict.word == "pass"


def test_a_waiver_about_to_expire_is_told(rules: Rules, written: Written, run: Run, tmp_path: Path) -> None:
    rules(each("size"))
    (tmp_path / "w.yaml").write_text(
        "waivers:\n"
        "  - {spec: payments, rule: size, address: aws_x.b, reason: agreed until the next release, ticket: T-1,\n"
        "     approver: someone, granted: '2026-11-01', expires: '2026-11-30'}\n"
    )
    path = written(with_sizes(a=1, b=2))
    verdict = run(path, waivers_path=tmp_path / "w.yaml")
    assert (verdict.word, verdict.exit_code) == ("pass", 0)
    assert [item.waived for item in verdict.findings] == ["agreed until the next release"]
    assert "in 8 days" in verdict.notes[0]
    expired = judge(path, today=date(2026, 12, 1), waivers_path=tmp_path / "w.yaml")
    assert (expired.word, expired.exit_code) == ("error", 2)
    assert "expired on 2026-11-30" in expired.errors[0].message
    assert len(expired.unwaived) == 1
