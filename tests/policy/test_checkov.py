"""The rules through Checkov give the verdict of the gate: by its command, and at every mutant, finding by finding."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from policies.checkov_gate import judge_with_checkov
from policies.checkov_run.blocks import entity_address
from policies.checkov_run.client import expected_results
from policies.checkov_run.ids import GATE_ID, check_id, is_ours
from policies.gate import judge, rules_of
from policies.graph.load import load
from policies.mutant import Mutant, mutated, put
from policies.registry import LoadedRule, all_rules
from policies.spec import load_spec
from policies.verdict import Verdict

ROOT = Path(__file__).parent.parent.parent
EXTERNAL_CHECKS = ROOT / "policies" / "checkov"
Results = set[tuple[str, str, str]]
INSIGHTS_OFF = put("aws_ecs_cluster.main", "setting[0].value", "disabled")


def command(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """`checkov -d FOLDER` as a person would type it: exit code, and its report for Terraform JSON."""
    checkov = Path(sys.executable).parent / "checkov"
    arguments = ["-d", folder, "--framework", "terraform_json", "--external-checks-dir", EXTERNAL_CHECKS]
    done = subprocess.run(
        [checkov, *arguments, "--skip-download", "-o", "json", *options],
        cwd=ROOT,
        env={**os.environ, "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report


def ours(report: dict[str, Any], key: str) -> set[tuple[str, str]]:
    """Ids and resources (Checkov leaves out the type) of our checks under `failed_checks` and the like."""
    return {(item["check_id"], item["resource"]) for item in report["results"][key] if is_ours(item["check_id"])}


def stack(folder: Path, document: dict[str, Any]) -> Path:
    stack_folder = folder / "stacks" / "payments-production-pr42"
    stack_folder.mkdir(parents=True)
    (stack_folder / "cdk.tf.json").write_text(json.dumps(document, indent=2))
    return stack_folder


def test_checkovs_own_command_runs_every_rule_and_finds_the_good_stack_good(
    payments: dict[str, Any], tmp_path: Path
) -> None:
    stack(tmp_path, payments)
    _, report = command(tmp_path)
    assert ours(report, "failed_checks") == set()
    assert {identity for identity, _ in ours(report, "passed_checks")} == {
        GATE_ID,
        *(check_id(loaded.id) for loaded in rules_of(load_spec("payments"))),
    }
    assert report["results"]["parsing_errors"] == []


def test_checkovs_own_command_fails_where_the_gate_fails(payments: dict[str, Any], tmp_path: Path) -> None:
    stack(tmp_path, mutated(payments, INSIGHTS_OFF))
    code, report = command(tmp_path, "--check", "CKV_PAYGATE_CONTAINER_INSIGHTS")
    (failed,) = report["results"]["failed_checks"]
    assert code == 1
    assert (failed["check_id"], failed["resource"]) == ("CKV_PAYGATE_CONTAINER_INSIGHTS", "resource.main")
    assert "aws_ecs_cluster.main" in failed["details"][0]


def test_a_stack_without_a_spec_fails_every_rule_in_checkov(payments: dict[str, Any], tmp_path: Path) -> None:
    named = {**payments, "//": {"metadata": {"stackName": "shop-production-x"}}}
    stack(tmp_path, named)
    code, report = command(tmp_path, "--check", "CKV_PAYGATE_*")
    assert code == 1
    assert ours(report, "passed_checks") == set()
    assert len({identity for identity, _ in ours(report, "failed_checks")}) == len(all_rules()) + 1


def test_the_gate_with_checkov_agrees_with_itself(payments: dict[str, Any], tmp_path: Path) -> None:
    verdict = judge_with_checkov(stack(tmp_path, payments), today=date.today())
    assert verdict.errors == ()
    assert [item.rule.id for item in verdict.unwaived] == []
    assert any(rule.id.startswith("CKV_AWS_") for rule in verdict.rules)


def test_what_checkov_cannot_parse_is_an_error(payments: dict[str, Any], tmp_path: Path) -> None:
    folder = stack(tmp_path, {**payments, "removed": {"from": "aws_x.gone"}})
    verdict = judge_with_checkov(folder, today=date.today())
    assert verdict.exit_code == 2
    assert any("could not parse" in error.message for error in verdict.errors)


def test_a_red_stack_is_red_through_checkov_too(payments: dict[str, Any], tmp_path: Path) -> None:
    verdict = judge_with_checkov(stack(tmp_path, mutated(payments, INSIGHTS_OFF)), today=date.today())
    assert verdict.errors == ()
    assert "container-insights" in {item.rule.id for item in verdict.unwaived}


@lru_cache(maxsize=1)
def judge_once(path: Path, *, today: date, spec_name: str | None) -> Verdict:
    """The gate, for both sides of a comparison: in question is what Checkov makes of a verdict, not the verdict."""
    return judge(path, today=today, spec_name=spec_name)


@pytest.fixture(scope="session")
def scan() -> Callable[[Path], Results]:
    """What our checks say of one file, through Checkov's registries but without its parser and graph."""
    from checkov.common.models.enums import CheckResult
    from checkov.runner_filter import RunnerFilter
    from checkov.terraform.checks.data.registry import data_registry
    from checkov.terraform.checks.provider.registry import provider_registry
    from checkov.terraform.checks.resource.registry import resource_registry
    from checkov.terraform_json.parser import prepare_definition

    specification = importlib.util.spec_from_file_location("paygate_checks", EXTERNAL_CHECKS / "paygate_checks.py")
    assert specification is not None
    assert specification.loader is not None
    checks = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(checks)
    checks.judge = judge_once
    registries = {"resource": resource_registry, "data": data_registry, "provider": provider_registry}

    class OnlyOurs(RunnerFilter):
        """Asked 20,000 times for each mutant: matching `--check CKV_PAYGATE_*` each time took a third of this file."""

        def should_run_check(self, check: Any = None, *_: Any, **__: Any) -> bool:
            return is_ours(check.id)

    only_ours = OnlyOurs()

    def results(path: Path) -> Iterator[tuple[str, str, str]]:
        full_file_path = str(path)  # where the checks look for the file, as in Checkov's runner
        definition = prepare_definition(json.loads(Path(full_file_path).read_text()))
        for block, registry in registries.items():
            for entity in definition.get(block, []):
                address = entity_address(block, entity)
                for check, result in registry.scan(f"/{path.name}", entity, [], only_ours).items():
                    if result["result"] is not CheckResult.UNKNOWN:  # of 20,000 some 1,000 say something
                        yield check.id, address, result["result"].value

    return lambda path: set(results(path))


MUTANTS = [
    pytest.param(mutant, id=f"{loaded.id}: {mutant.name}") for loaded in all_rules() for mutant in loaded.mutants
]


def differences(folder: Path, found: Results) -> list[tuple[Any, ...]]:
    """Where Checkov says something else than the gate."""
    verdict = judge_once(folder, today=date.today(), spec_name=None)
    here = {(*key, result.upper()) for key, result in expected_results(verdict, load(folder)).items()}
    there = {(identity, address, said) for identity, address, said in found if said in ("FAILED", "SKIPPED")}
    return sorted(here ^ there)


def ran(found: Results) -> set[str]:
    return {identity for identity, _, _ in found}


def every_id(loaded: tuple[LoadedRule, ...]) -> set[str]:
    return {GATE_ID, *(check_id(item.id) for item in loaded)}


def test_every_rule_says_something_of_the_good_stack(
    payments: dict[str, Any], tmp_path: Path, scan: Callable[[Path], Results]
) -> None:
    folder = stack(tmp_path, payments)
    found = scan(folder / "cdk.tf.json")
    assert differences(folder, found) == []
    assert {result for _, _, result in found} == {"PASSED"}
    assert ran(found) == every_id(rules_of(load_spec("payments")))


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_gets_the_same_verdict_through_checkov(
    mutant: Mutant, request: pytest.FixtureRequest, tmp_path: Path, scan: Callable[[Path], Results]
) -> None:
    document = mutated(request.getfixturevalue(mutant.stack), mutant.edit)
    folder = stack(tmp_path, document)
    if "removed" in document:  # Checkov's parser cannot read these blocks
        assert judge(folder, today=date.today()).exit_code == 1
        return
    found = scan(folder / "cdk.tf.json")
    assert differences(folder, found) == []
    assert "FAILED" in {result for _, _, result in found}
    assert ran(found) == every_id(rules_of(load_spec(mutant.stack)))
