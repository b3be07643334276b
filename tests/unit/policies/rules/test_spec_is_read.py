"""A number or a name that changes in the spec turns the gate red, without a change to any code."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from policies.engine import run_rule
from policies.gate import rules_of
from policies.graph import Graph
from policies.graph.terraform_json import load_document
from policies.spec import Spec, load_spec
from tests.conftest import STACKS

SPECS = {platform: load_spec(platform) for platform in STACKS}
SAYS_WHICH_SPEC = ("spec", "platform", "rules")
STRATEGIES = ("rollout", "blue_green", "api-gateway", "strategies")
# Lists of what is accepted: the stack uses one of them, so only losing that one can be noticed.
CHOICES = {
    ("container_insights", 1),
    ("load_balancer", "tls_policies", 1),
    ("load_balancer", "tls_policies", 2),
    (*STRATEGIES, 0),
    (*STRATEGIES, 2),
}
# What the stack has only with other settings.
NOT_HERE = {("bootstrap", "kinds", "data", 1)}  # the identity provider of an account that has it already
AT_LEAST, AT_MOST = "at_least", "at_most"
OTHERS: dict[Any, Any] = {
    "ENABLED": "DISABLED",
    "aws-managed": "customer-managed",
    "customer-managed": "aws-managed",
    "us-east-1": "eu-west-1",
    "1.4.0": "1.3.0",
    "{type}-{component}-{suffix}": "{component}-{type}-{suffix}",
    "{type}-{component}-{environment}-{suffix}": "{environment}-{type}-{component}-{suffix}",
    "0.0.0.0/0": "192.0.2.0/24",
    "payment-api": "fraud-detection",
    "fraud-detection": "notification-service",
    "notification-service": "payment-api",
    "api-gateway": "payment-processor",
    "payment-processor": "fraud-detector",
    "fraud-detector": "api-gateway",
    "kms": "aes256",
    "database-user": "api-key",
    "api-key": "database-user",
    "CANARY": "LINEAR",
    "10.30.240.0/20": "10.30.224.0/20",
}
# The change by which a number is noticed, where adding to it makes the spec wider.
NARROWER: dict[Any, int] = {"longest_rotation_days": 1, AT_MOST: 0, "recovery_window_days": 7}


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
    elif path[-1] == AT_LEAST:
        holder[AT_LEAST] = holder[AT_MOST] + 1
    elif isinstance(value, int):
        holder[path[-1]] = NARROWER.get(path[-1], value + 11)
    else:
        holder[path[-1]] = OTHERS.get(value, f"{value}-other")
    return replace(spec, values=values)


@pytest.fixture(scope="module")
def stack_of(request: pytest.FixtureRequest) -> Callable[[str], Graph]:
    """The good stack of a platform, loaded once."""
    return cache(lambda platform: load_document(request.getfixturevalue(platform)))


LEAVES = [
    pytest.param(platform, path, id=f"{platform}: {'.'.join(map(str, path))}")
    for platform, spec in SPECS.items()
    for path in leaves(spec.values)
    if (platform, *path) not in NOT_HERE
]


@pytest.mark.parametrize(("platform", "path"), LEAVES)
def test_a_change_in_the_spec_is_noticed(
    platform: str, path: tuple[str | int, ...], stack_of: Callable[[str], Graph]
) -> None:
    spec = changed(SPECS[platform], path)
    assert any(True for loaded in rules_of(spec) for _ in run_rule(loaded, stack_of(platform), spec))


@pytest.mark.parametrize(("platform", "service"), [("payments", "fraud-detection"), ("gateway", "fraud-detector")])
def test_a_microservice_less_is_noticed(platform: str, service: str, stack_of: Callable[[str], Graph]) -> None:
    values = SPECS[platform].values
    services = {name: value for name, value in values["services"].items() if name != service}
    spec = replace(SPECS[platform], values={**values, "services": services})
    red = {loaded.id for loaded in rules_of(spec) for _ in run_rule(loaded, stack_of(platform), spec)}
    assert {"one-service-each", "one-task-definition-each"} <= red


@pytest.mark.parametrize("part", ["secrets", "rollout"])
def test_what_a_spec_does_not_state_may_not_be_brought_in(part: str, stack_of: Callable[[str], Graph]) -> None:
    """A spec without the part, as one for another platform may be, does not let the stack have it unseen."""
    values = {key: value for key, value in SPECS["gateway"].values.items() if key != part}
    spec = replace(SPECS["gateway"], values=values)
    found = [item for loaded in rules_of(spec) for item in run_rule(loaded, stack_of("gateway"), spec)]
    assert found
