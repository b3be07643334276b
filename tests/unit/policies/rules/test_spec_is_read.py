"""A number or a name that changes in the spec turns the gate red, without a change to any code."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph import Graph
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import Spec, load_spec

PAYMENTS = load_spec("payments")
SAYS_WHICH_SPEC = ("spec", "platform")
# Lists of what is accepted: the stack uses one of them, so only losing that one can be noticed.
CHOICES = {("container_insights", 1), ("load_balancer", "tls_policies", 1), ("load_balancer", "tls_policies", 2)}
OTHERS: dict[Any, Any] = {
    "ENABLED": "DISABLED",
    "aws-managed": "customer-managed",
    "us-east-1": "eu-west-1",
    "1.4.0": "1.3.0",
    "{type}-{component}-{environment}-{suffix}": "{environment}-{type}-{component}-{suffix}",
    "0.0.0.0/0": "192.0.2.0/24",
    "payment-api": "fraud-detection",
    "fraud-detection": "notification-service",
    "notification-service": "payment-api",
}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    elif path[0] not in SAYS_WHICH_SPEC and path not in CHOICES:
        yield path


def changed(spec: Spec, path: tuple[str | int, ...]) -> Spec:
    """The spec with another value of the same type at the path."""
    values = copy.deepcopy(dict(spec.values))
    holder: Any = values
    for step in path[:-1]:
        holder = holder[step]
    value = holder[path[-1]]
    if isinstance(value, bool):
        holder[path[-1]] = not value
    elif isinstance(value, int):
        holder[path[-1]] = value + 11
    else:
        holder[path[-1]] = OTHERS.get(value, f"{value}-other")
    return replace(spec, values=values)


@pytest.fixture(scope="module")
def stack(payments: dict[str, Any]) -> Graph:
    return load_document(payments)


@pytest.mark.parametrize("path", list(leaves(PAYMENTS.values)), ids=lambda path: ".".join(map(str, path)))
def test_a_change_in_the_spec_is_noticed(path: tuple[str | int, ...], stack: Graph) -> None:
    spec = changed(PAYMENTS, path)
    assert any(True for loaded in all_rules() for _ in run_rule(loaded, stack, spec))


def test_a_microservice_less_is_noticed(stack: Graph) -> None:
    services = {name: value for name, value in PAYMENTS.get("services").items() if name != "fraud-detection"}
    spec = replace(PAYMENTS, values={**PAYMENTS.values, "services": services})
    red = {loaded.id for loaded in all_rules() for _ in run_rule(loaded, stack, spec)}
    assert {"one-service-each", "one-task-definition-each"} <= red
