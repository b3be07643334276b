"""What every rule must bring along: mutants, words, a source, clauses that exist, and something to judge."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.engine import judged_by
from policies.gate import rules_of
from policies.graph.terraform_json import load_document
from policies.registry import BOOTSTRAP_AREA, LoadedRule, all_rules
from policies.spec import load_spec

ROOT = Path(__file__).parents[4]
PLATFORMS = yaml.safe_load((ROOT / "docs" / "clauses.yaml").read_text())
CLAUSES = {clause["id"]: clause for clauses in PLATFORMS.values() for clause in clauses}
# PCI DSS 4.0.1 requirements that rules over infrastructure can be evidence for.
# fmt: off
PCI_DSS = frozenset({
    "1.2.5", "1.3.1", "1.3.2", "1.4.1", "1.4.2", "1.4.4", "2.2.1", "2.2.4", "2.2.5", "2.2.6", "3.5.1", "3.6.1", "4.2.1",
    "6.2.4", "6.3.2", "6.3.3", "6.5.1", "6.5.2", "6.5.3", "7.2.1", "7.2.2", "7.2.5", "8.3.2", "8.6.1", "8.6.2", "8.6.3",
    "10.2.1", "10.2.2", "10.3.1", "10.3.2", "10.3.3", "10.3.4", "10.5.1", "10.7.2", "11.3.1",
})
# fmt: on
COMMANDS = frozenset({"Ensure", "Check", "Verify", "Make", "Use", "Enable", "Disable", "Avoid", "Do", "No", "Set"})
RULES = [pytest.param(loaded, id=loaded.id) for loaded in all_rules()]


@pytest.mark.parametrize("loaded", RULES)
def test_a_title_starts_with_the_resource_and_states_the_compliant_condition(loaded: LoadedRule) -> None:
    title = loaded.rule.title
    assert re.fullmatch(r"[A-Z][^!\n]{15,110}[^.!\n]", title), title
    assert title.split()[0] not in COMMANDS
    assert not re.search(r"\b(should|must|shall|ensure)\b", title, re.IGNORECASE)


@pytest.mark.parametrize("loaded", RULES)
def test_a_rule_says_why_it_exists_and_how_to_mend_a_finding(loaded: LoadedRule) -> None:
    for words in (loaded.rule.rationale, loaded.rule.remediation):
        assert 30 <= len(words) <= 400, words
        assert words.endswith(".")


@pytest.mark.parametrize("loaded", RULES)
def test_a_rule_names_the_page_that_it_was_taken_from_and_the_day(loaded: LoadedRule) -> None:
    assert re.fullmatch(r"https://[\w.-]+\.[a-z]+/\S+", loaded.rule.source.url)
    assert date(2026, 1, 1) <= date.fromisoformat(loaded.rule.source.checked)


@pytest.mark.parametrize("loaded", RULES)
def test_clauses_and_pci_requirements_exist(loaded: LoadedRule) -> None:
    assert [clause for clause in loaded.rule.clauses if clause not in CLAUSES] == []
    assert [clause for clause in loaded.rule.clauses if "synth" not in CLAUSES[clause]["proof"]] == []
    assert set(loaded.rule.pci_dss) <= PCI_DSS


@pytest.mark.parametrize("loaded", RULES)
def test_a_rule_has_mutants_at_resources_that_it_judges(loaded: LoadedRule) -> None:
    assert len({mutant.name for mutant in loaded.mutants}) == len(loaded.mutants) >= 2
    known = {other.id for other in all_rules()}
    for mutant in loaded.mutants:
        names = mutant.at.split(".")
        kind = ".".join(names[: 2 if names[0] in ("data", "ephemeral", "provider") else 1])
        assert loaded.rule.judges(kind), mutant.name
        assert set(mutant.also) <= known - {loaded.id}, mutant.name


@pytest.mark.parametrize("loaded", RULES)
def test_a_rule_meets_resources_in_a_stack_of_ours(
    loaded: LoadedRule, payments: dict[str, Any], gateway: dict[str, Any], bootstrap: dict[str, Any]
) -> None:
    assert any(judged_by(loaded, load_document(stack)) for stack in (payments, gateway, bootstrap))


def test_the_bootstrap_stack_is_held_to_every_rule_about_it() -> None:
    about_it = {loaded.id for loaded in all_rules() if loaded.area == BOOTSTRAP_AREA}
    assert about_it <= {loaded.id for loaded in rules_of(load_spec("bootstrap"))}


@pytest.mark.parametrize("spec", ["payments", "gateway", "baseline"])
def test_no_platform_is_held_to_a_rule_about_the_bootstrap_stack(spec: str) -> None:
    assert [loaded.id for loaded in rules_of(load_spec(spec)) if loaded.area == BOOTSTRAP_AREA] == []


@pytest.mark.parametrize(
    "clause", [key for key, value in CLAUSES.items() if key[0] == "P" and "synth" in value["proof"]]
)
def test_every_clause_that_synthesis_can_prove_has_a_rule(clause: str) -> None:
    assert [loaded.id for loaded in all_rules() if clause in loaded.rule.clauses]


@pytest.mark.parametrize("area", sorted({loaded.module.split(".")[2] for loaded in all_rules()}))
def test_an_area_says_what_it_is_about(area: str) -> None:
    assert (ROOT / "policies" / "rules" / area / "__init__.py").read_text().startswith('"""Rules about ')
