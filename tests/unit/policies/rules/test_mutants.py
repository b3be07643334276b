"""Every mutant of every rule, applied to the real synthesized stack: its rule turns red there, and no other.

Mutants of payments are tried on the gateway stack as well, wherever they fit.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from policies.engine import Outcome, run_rule
from policies.gate import rules_of
from policies.graph import Graph
from policies.graph.terraform_json import load_document
from policies.mutant import Mutant, MutantDoesNotFitError, mutated
from policies.registry import LoadedRule, all_rules
from policies.spec import Spec, load_spec
from policies.verdict import Judged
from tests.conftest import PLATFORMS, STACKS
from tests.unit.policies.rules.translation import address_on_gateway, on_bootstrap, on_gateway

Documents = Callable[[str], dict[str, Any]]

# Rules about what only payments does, with the reason.
PAYMENTS_ONLY: dict[str, str] = {}
# Mutants whose edit is right for the gateway, with the reason.
MEANS_ANOTHER_THING: dict[tuple[str, str], str] = {
    ("execution-role-pulls-images", "the repository of another service"): "refers to a data source it does not have",
    ("execution-role-reach", "a second repository"): "refers to a data source it does not have",
    ("ignored-tags", "a key"): "a key that its spec does not demand",
    ("name-pattern", "another environment"): "its pattern has no environment: the word reads as a component",
    ("pinned-images", "a tag of a referenced repository"): "its own repositories have immutable tags",
    ("reachability", "one half more, by addresses, for the open way out"): "addresses of another VPC",
    ("reachability", "rule answers instead of forwarding"): "the test rule still forwards; blue-green-targets notices",
    ("required-tags", "an empty override"): "a key that its spec does not demand",
    ("scaling-tracks-load", "memory at the CPU target"): "both targets are 70 %",
}

PREFIXES = {"payments": "P.", "gateway": "G."}


def clauses_of(loaded: LoadedRule, stack: str) -> list[pytest.MarkDecorator]:
    """What a rule proves on a stack: the clauses of that platform only; the bootstrap stack has none."""
    clauses = [clause for clause in loaded.rule.clauses if stack in PREFIXES and clause.startswith(PREFIXES[stack])]
    return [pytest.mark.clause(*clauses, proof="synth")] if clauses else []


ON_STACKS = [
    pytest.param(stack, loaded, id=f"{stack}: {loaded.id}") for stack in STACKS for loaded in rules_of(load_spec(stack))
]
BASELINE = [pytest.param(loaded, id=loaded.id) for loaded in rules_of(load_spec("baseline"))]
MUTANTS = [
    pytest.param(loaded, mutant, id=f"{loaded.id}: {mutant.name}", marks=clauses_of(loaded, mutant.stack))
    for loaded in all_rules()
    for mutant in loaded.mutants
]
OF_BOTH = [
    pytest.param(loaded, id=loaded.id, marks=clauses_of(loaded, "gateway"))
    for loaded in all_rules()
    if loaded.id not in PAYMENTS_ONLY and any(mutant.stack == "payments" for mutant in loaded.mutants)
]


@pytest.fixture(scope="session")
def document_of(request: pytest.FixtureRequest) -> Documents:
    """The synthesized stack of a platform by name: the fixture of tests/conftest.py that bears it."""
    return lambda platform: request.getfixturevalue(platform)


@pytest.fixture(scope="session")
def good_of(document_of: Documents) -> Callable[[str], Graph]:
    """The good stack of a platform, loaded once."""
    return cache(lambda platform: load_document(document_of(platform)))


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


@pytest.mark.parametrize(("stack", "loaded"), ON_STACKS)
def test_the_good_stack_is_green(stack: str, loaded: LoadedRule, good_of: Callable[[str], Graph]) -> None:
    assert told(list(run_rule(loaded, good_of(stack), load_spec(stack)))) == []


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("loaded", BASELINE)
def test_a_baseline_rule_needs_no_spec(loaded: LoadedRule, platform: str, good_of: Callable[[str], Graph]) -> None:
    assert told(list(run_rule(loaded, good_of(platform), load_spec("baseline")))) == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_good_stack_refers_to_nothing_that_is_missing(stack: str, good_of: Callable[[str], Graph]) -> None:
    assert good_of(stack).dangling == ()


@pytest.mark.parametrize(("loaded", "mutant"), MUTANTS)
def test_a_mutant_turns_its_rule_red_and_no_other(loaded: LoadedRule, mutant: Mutant, document_of: Documents) -> None:
    graph = load_document(mutated(document_of(mutant.stack), mutant.edit))

    spec = load_spec(mutant.stack)
    red = outcomes(rules_of(spec), graph, spec)

    own = red.pop(loaded.id, [])
    if graph_kinds(graph) - graph_kinds(load_document(document_of(mutant.stack))):
        red.pop("known-kinds", None)  # said here once, not in every mutant that brings a kind of its own
    addresses = {item.finding.address for item in own if isinstance(item, Judged)}
    assert mutant.at in addresses, f"survived at {mutant.at}; found {told(own)}"
    assert all(isinstance(item, Judged) for item in own), f"not judged but refused: {told(own)}"
    assert {rule: told(found) for rule, found in red.items() if rule not in mutant.also} == {}
    assert set(red) == set(mutant.also), "`also` names rules that stay green"


@pytest.mark.parametrize("loaded", OF_BOTH)
def test_a_rule_notices_on_the_gateway_stack_what_it_notices_on_payments(
    loaded: LoadedRule, document_of: Documents
) -> None:
    spec, document = load_spec("gateway"), document_of("gateway")
    fitting, survivors = 0, []
    for mutant in loaded.mutants:
        if mutant.stack != "payments" or (loaded.id, mutant.name) in MEANS_ANOTHER_THING:
            continue
        try:
            graph = load_document(on_gateway(document, mutant.edit))
        except MutantDoesNotFitError:
            continue
        fitting += 1
        found = list(run_rule(loaded, graph, spec))
        if address_on_gateway(mutant.at) not in {item.finding.address for item in found if isinstance(item, Judged)}:
            survivors.append((mutant.name, told(found)))
    assert survivors == []
    assert fitting, "no mutant fits: the rule is not shown to work on this stack"


@pytest.mark.parametrize(
    "loaded",
    [
        pytest.param(loaded, id=loaded.id)
        for loaded in rules_of(load_spec("bootstrap"))
        if loaded.id.startswith("bucket-")
    ],
)
def test_a_rule_about_buckets_notices_on_the_state_bucket_what_it_notices_on_access_logs(
    loaded: LoadedRule, document_of: Documents
) -> None:
    spec, document = load_spec("bootstrap"), document_of("bootstrap")
    fitting, survivors = 0, []
    for mutant in loaded.mutants:
        try:
            edited, address = on_bootstrap(document, mutant)
        except MutantDoesNotFitError:
            continue
        fitting += 1
        found = list(run_rule(loaded, load_document(edited), spec))
        if address not in {item.finding.address for item in found if isinstance(item, Judged)}:
            survivors.append((mutant.name, told(found)))
    assert survivors == []
    assert fitting, "no mutant fits: the rule is not shown to work on this stack"
