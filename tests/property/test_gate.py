"""The gate over random settings, random pairs of mutants and random damage: no false alarm, no miss, no crash."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from infra.app import synthesize
from infra.settings import load
from policies.gate import judge, judge_graph, rules_of
from policies.graph.terraform_json import load_document
from policies.spec import Spec, load_spec
from policies.verdict import Verdict
from tests.property.gate_damage import cut, damaged_document, dice, garbled
from tests.property.gate_mutants import edited, every_mutant, is_red, named_as_payments
from tests.property.gate_specs import lawful, spec_of
from tests.property.strategies import Deployment, deployments, write
from tests.unit.policies.standins import TODAY

WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # an example costs more than half a second
PAIRS_PER_STACK = 40
LEAST_FITTING = 0.75  # of the drawn mutants: what random features make lawful, or leave no place for, is less
DAMAGES = 70


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for all examples: each replaces what the one before left."""
    made = tmp_path_factory.mktemp("property-gate")
    yield made
    shutil.rmtree(made)


def synthesized(deployment: Deployment, folder: Path) -> dict[str, Any]:
    shutil.rmtree(folder / "out", ignore_errors=True)
    loaded = load(write(deployment.document, folder / "settings.yaml"), deployment.suffix)
    document: dict[str, Any] = json.loads(synthesize(loaded, folder / "out").read_bytes())
    return document


def verdict_on(document: dict[str, Any], spec: Spec) -> Verdict:
    """Without waivers: those are of one platform."""
    return judge_graph(load_document(document), spec, today=TODAY)


def told(verdict: Verdict) -> list[str]:
    """What stands against a pass, as lines that a person can read in a failed test."""
    return [
        f"{item.rule.id} {item.finding.address} {item.finding.attribute}: {item.finding.found}"
        f", expected {item.finding.expected}"
        for item in verdict.findings
    ] + [f"ERROR {item.rule} {item.address} {item.attribute}: {item.message}, found {item.found}"
         for item in verdict.errors]  # fmt: skip


@settings(max_examples=12, phases=WITHOUT_SHRINKING)
@given(deployment=deployments())
def test_settings_that_obey_their_spec_raise_no_alarm(deployment: Deployment, folder: Path) -> None:
    obeying = lawful(deployment)
    document, spec = synthesized(obeying, folder), spec_of(obeying.document)

    verdict = verdict_on(document, spec)

    assert told(verdict) == []
    assert verdict.exit_code == 0
    assert len(verdict.rules) == len(rules_of(spec))
    assert verdict_on(document, _wanting_one_task_more(spec)).word == "fail"


def _wanting_one_task_more(spec: Spec) -> Spec:
    return Spec(spec.name, spec.platform, spec.rules, {**spec.values, "desired_count": spec.get("desired_count") + 1})


@settings(
    max_examples=3, phases=WITHOUT_SHRINKING, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(
    deployment=deployments(5).filter(lambda each: len(each.document["services"]) >= 3),
    seed=st.integers(0, 2**32),
)
def test_a_pair_of_mutants_never_makes_a_pass(deployment: Deployment, seed: int, folder: Path) -> None:
    """One may take away what makes the other a fault: without a load balancer nobody needs a grace period. But then
    it is a fault itself.
    """
    obeying = named_as_payments(lawful(deployment))
    document, spec = synthesized(obeying, folder), spec_of(obeying.document)
    random, mutants = dice(seed), every_mutant()
    assert told(verdict_on(document, spec)) == []
    fitting = 0
    for _ in range(PAIRS_PER_STACK):
        pair = random.sample(mutants, 2)
        alone = [edited(document, each) for each in pair]
        red = [each for each, stack in zip(pair, alone, strict=True) if stack and is_red(each.rule, stack, spec)]
        fitting += len(red)
        together = edited(document, *pair)
        if together is None:
            continue
        noticed = not red or any(is_red(each.rule, together, spec) for each in red) or told(verdict_on(together, spec))
        assert noticed, f"a pass: {' + '.join(map(str, pair))}"
    assert fitting >= LEAST_FITTING * 2 * PAIRS_PER_STACK


def assert_judged_or_refused(verdict: Verdict) -> None:
    """A pass is one of every rule; whatever could not be read is told as such, not as a crash of the gate."""
    if verdict.exit_code == 0:
        assert len(verdict.rules) == len(rules_of(load_spec("payments")))
        assert verdict.resources > 0
    assert (verdict.exit_code == 0) == (verdict.word == "pass")
    broken = [item.message for item in verdict.errors if "crashed" in item.message or "is broken" in item.message]
    assert broken == []


@pytest.mark.parametrize("seed", range(DAMAGES))
def test_a_damaged_document_is_judged_or_refused(seed: int, payments: dict[str, Any], folder: Path) -> None:
    path = folder / "cdk.tf.json"
    path.write_text(json.dumps(damaged_document(payments, dice(seed))), encoding="utf-8")

    assert_judged_or_refused(judge(path, spec_name="payments", today=TODAY))


@pytest.mark.parametrize("seed", range(DAMAGES))
def test_a_garbled_text_is_judged_or_refused(seed: int, payments_path: Path, folder: Path) -> None:
    path = folder / "cdk.tf.json"
    path.write_bytes(garbled(payments_path.read_bytes(), dice(seed)))

    assert_judged_or_refused(judge(path, spec_name="payments", today=TODAY))


@pytest.mark.parametrize("seed", range(DAMAGES))
def test_a_cut_text_is_refused(seed: int, payments_path: Path, folder: Path) -> None:
    path = folder / "cdk.tf.json"
    path.write_bytes(cut(payments_path.read_bytes(), dice(seed)))

    verdict = judge(path, spec_name="payments", today=TODAY)

    assert (verdict.exit_code, verdict.resources, verdict.rules) == (2, 0, ())
