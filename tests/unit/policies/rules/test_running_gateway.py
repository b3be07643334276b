"""The same rules over what AWS made of the stack: ARNs instead of references, and weights where ECS left them."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from policies.engine import Outcome, run_rule
from policies.graph import Graph
from policies.mutant import Mutant, mutated
from policies.registry import LoadedRule, all_rules
from policies.spec import load_spec
from policies.verdict import Judged
from tests.unit.policies.rules.applied import applied

AREAS = ("rollout", "discovery", "secrets", "function")
OTHERS = {"created-repositories", "repository-encryption", "repository-immutable-tags", "repository-lifecycle"}
RULES = [loaded for loaded in all_rules() if loaded.module.split(".")[2] in AREAS or loaded.id in OTHERS]
# A state says nothing of lifecycle, and shows nothing that was written through a write-only argument.
SYNTHESIS_ONLY = {"blue-green-weights-kept", "secret-value-form", "secret-values-ephemeral"}
# What is as good as any once the stack runs, and what a state does not tell.
FINE_WHEN_RUNNING = {
    ("blue-green-production-rule", "half to nobody"),
    ("blue-green-production-rule", "weights left to the default"),
    ("blue-green-production-rule", "all to nobody"),
    ("secret-first-version", "not current"),
    ("secret-first-version", "a label that blocks the next rotation"),
    ("secret-first-version", "labels that Terraform puts back"),
    ("secret-first-version", "ignores something else"),
}


def mutants() -> Iterator[Any]:
    for loaded in RULES:
        for mutant in loaded.mutants:
            wanted = mutant.stack == "gateway" and loaded.id not in SYNTHESIS_ONLY
            if wanted and (loaded.id, mutant.name) not in FINE_WHEN_RUNNING:
                yield pytest.param(loaded, mutant, id=f"{loaded.id}: {mutant.name}")


def judged(loaded: LoadedRule, graph: Graph) -> list[Outcome]:
    return list(run_rule(loaded, graph, load_spec("gateway")))


@pytest.fixture(scope="module")
def running(gateway: dict[str, Any]) -> Graph:
    return applied(gateway)


@pytest.mark.parametrize("loaded", [pytest.param(loaded, id=loaded.id) for loaded in RULES])
def test_the_running_stack_is_green(loaded: LoadedRule, running: Graph) -> None:
    assert judged(loaded, running) == []


@pytest.mark.parametrize(("loaded", "mutant"), list(mutants()))
def test_a_mutant_is_seen_in_a_running_stack(loaded: LoadedRule, mutant: Mutant, gateway: dict[str, Any]) -> None:
    found = judged(loaded, applied(mutated(gateway, mutant.edit)))
    assert mutant.at in {item.finding.address for item in found if isinstance(item, Judged)}


@pytest.mark.clause("G.9.6", proof="test")
@pytest.mark.parametrize("weights", [(1, 0), (0, 1), (90, 10), ("50", "50")])
def test_a_rollout_may_leave_the_weights_anywhere(weights: tuple[Any, Any], gateway: dict[str, Any]) -> None:
    rule = next(loaded for loaded in RULES if loaded.id == "blue-green-production-rule")
    document = copy.deepcopy(gateway)
    targets = document["resource"]["aws_lb_listener_rule"]["api-gateway"]["action"][0]["forward"]["target_group"]
    for target, weight in zip(targets, weights, strict=True):
        target["weight"] = weight
    assert judged(rule, applied(document)) == []
