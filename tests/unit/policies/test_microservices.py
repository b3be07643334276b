"""A resource is told to be of a microservice by the component in its name."""

from dataclasses import replace
from typing import Any

import pytest

from policies.graph.terraform_json import load_document
from policies.microservices import microservice_of
from policies.spec import Spec, load_spec

PAYMENTS = load_spec("payments")


def component_of(name: Any, spec: Spec = PAYMENTS) -> str | None:
    graph = load_document({"resource": {"aws_ecs_service": {"x": {"name": name}}}})
    return microservice_of(graph.resources["aws_ecs_service.x"], "name", spec)


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("ecs-service-payment-api-production-pr42", "payment-api"),
        ("log-group-fraud-detection-production-pr42", "fraud-detection"),
        ("ecs-service-payment-api-staging-pr42", None),
        ("ecs-service-payment-apis-production-pr42", None),
        ("alarm-payment-api-target-5xx-production-pr42", None),
        ("payment-api-production-pr42", None),
        ("ecs-service-payment-api-production", None),
        ("", None),
        (None, None),
    ],
)
def test_the_component_of_a_name(name: str | None, component: str | None) -> None:
    assert component_of(name) == component


def test_the_longest_component_wins() -> None:
    services = {"api": {"port": 1, "public": False}, "payment-api": {"port": 2, "public": False}}
    spec = replace(PAYMENTS, values={**PAYMENTS.values, "services": services})
    assert component_of("ecs-service-payment-api-production-pr42", spec) == "payment-api"
    assert component_of("ecs-service-api-production-pr42", spec) == "api"


def test_the_pattern_of_the_spec_decides() -> None:
    naming = {"pattern": "{type}-{component}-{suffix}", "environment": "production"}
    spec = replace(PAYMENTS, values={**PAYMENTS.values, "naming": naming})
    assert component_of("ecs-service-payment-api-pr42", spec) == "payment-api"
