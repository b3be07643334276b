"""Every mutant of every rule, applied to the real synthesized stack: its rule turns red there, and no other."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.engine import Outcome, run_rule
from policies.graph import Graph
from policies.graph.terraform_json import load_document
from policies.mutant import Mutant, mutated
from policies.registry import LoadedRule, all_rules
from policies.spec import Spec, load_spec
from policies.verdict import Judged

Documents = Callable[[str], dict[str, Any]]

RULES = [pytest.param(loaded, id=loaded.id) for loaded in all_rules()]
MUTANTS = [
    pytest.param(
        loaded,
        mutant,
        id=f"{loaded.id}: {mutant.name}",
        marks=[pytest.mark.clause(*loaded.rule.clauses, proof="synth")] if loaded.rule.clauses else [],
    )
    for loaded in all_rules()
    for mutant in loaded.mutants
]


@pytest.fixture(scope="session")
def document_of(request: pytest.FixtureRequest) -> Documents:
    """The synthesized stack of a platform by name: the fixture of tests/conftest.py that bears it."""
    return lambda platform: request.getfixturevalue(platform)


@pytest.fixture(scope="session")
def good(document_of: Documents) -> Graph:
    return load_document(document_of("payments"))


@pytest.fixture(scope="session")
def spec() -> Spec:
    return load_spec("payments")


def outcomes(rules: tuple[LoadedRule, ...], graph: Graph, spec: Spec) -> dict[str, list[Outcome]]:
    """What each rule has to say, by rule; only rules that have something to say."""
    said = {loaded.id: list(run_rule(loaded, graph, spec)) for loaded in rules}
    return {rule: found for rule, found in said.items() if found}


def graph_kinds(graph: Graph) -> set[str]:
    return {resource.kind for resource in graph.resources.values()}


def told(found: list[Outcome]) -> list[str]:
    """Outcomes as lines that a person can read in a failed test."""
    return [
        f"{item.finding.address} {item.finding.attribute}: found {item.finding.found}, expected {item.finding.expected}"
        if isinstance(item, Judged)
        else f"ERROR {item.address} {item.attribute}: {item.message}, found {item.found}"
        for item in found
    ]


@pytest.mark.parametrize("loaded", RULES)
def test_the_good_stack_is_green(loaded: LoadedRule, good: Graph, spec: Spec) -> None:
    assert told(list(run_rule(loaded, good, spec))) == []


@pytest.mark.parametrize("loaded", [param for param in RULES if param.values[0].rule.baseline])
def test_a_baseline_rule_needs_no_spec(loaded: LoadedRule, good: Graph) -> None:
    assert told(list(run_rule(loaded, good, load_spec("baseline")))) == []


def test_the_good_stack_refers_to_nothing_that_is_missing(good: Graph) -> None:
    assert good.dangling == ()


@pytest.mark.parametrize(("loaded", "mutant"), MUTANTS)
def test_a_mutant_turns_its_rule_red_and_no_other(loaded: LoadedRule, mutant: Mutant, document_of: Documents) -> None:
    graph = load_document(mutated(document_of(mutant.stack), mutant.edit))

    red = outcomes(all_rules(), graph, load_spec(mutant.stack))

    own = red.pop(loaded.id, [])
    if graph_kinds(graph) - graph_kinds(load_document(document_of(mutant.stack))):
        red.pop("known-kinds", None)  # said here once, not in every mutant that brings a kind of its own
    addresses = {item.finding.address for item in own if isinstance(item, Judged)}
    assert mutant.at in addresses, f"survived at {mutant.at}; found {told(own)}"
    assert all(isinstance(item, Judged) for item in own), f"not judged but refused: {told(own)}"
    assert {rule: told(found) for rule, found in red.items() if rule not in mutant.also} == {}
    assert set(red) == set(mutant.also), "`also` names rules that stay green"
