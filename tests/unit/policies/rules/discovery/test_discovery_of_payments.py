"""Payments builds discovery although its spec states none: the rules are silent, and would be content."""

from dataclasses import replace
from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph.terraform_json import load_document
from policies.registry import LoadedRule, all_rules
from policies.spec import Spec, load_spec

PAYMENTS = load_spec("payments")
RULES = [pytest.param(loaded, id=loaded.id) for loaded in all_rules() if loaded.module.split(".")[2] == "discovery"]


def stating(namespace: str) -> Spec:
    """The spec of payments, with discovery below a namespace."""
    return replace(PAYMENTS, values={**PAYMENTS.values, "discovery": {"namespace": namespace}})


@pytest.mark.parametrize("loaded", RULES)
def test_a_spec_that_states_no_discovery_wants_none(loaded: LoadedRule) -> None:
    assert list(run_rule(loaded, load_document({"resource": {"aws_ecs_service": {"a": {}}}}), PAYMENTS)) == []


@pytest.mark.parametrize("loaded", RULES)
def test_what_payments_builds_would_be_right(loaded: LoadedRule, payments: dict[str, Any]) -> None:
    assert list(run_rule(loaded, load_document(payments), stating("payments.internal"))) == []


def test_another_namespace_would_not_be(payments: dict[str, Any]) -> None:
    rule = next(param.values[0] for param in RULES if param.id == "private-namespace")
    assert list(run_rule(rule, load_document(payments), stating("internal.payments"))) != []
