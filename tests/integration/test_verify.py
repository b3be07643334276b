"""What verification adds to a state speaks the language of the provider that made the state."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.terraform.schemas import load_schemas
from delivery.verify.finding import KINDS
from tests.integration.targets import Deployed
from tests.unit.delivery.verify.answers import ANSWERS

OUR_OWN = {"aws_ecs_task"}  # Terraform has no tasks, so the provider has no words for them
Block = Mapping[str, Any]


@pytest.fixture(scope="session")
def resource_schemas(deployed: Deployed) -> Mapping[str, Any]:
    """Type -> schema, of the provider that all deployments use."""
    terraform = next(iter(deployed.deployments.values())).terraform
    schemas = load_schemas(terraform.provider_selections(), CACHE_FOLDER / "schemas", terraform.provider_schemas)
    return {kind: each for schema in schemas.values() for kind, each in schema.get("resource_schemas", {}).items()}


def unknown(place: str, values: Mapping[str, Any], block: Block) -> Iterator[str]:
    """Names that a block of the provider does not have."""
    nested, attributes = block.get("block_types", {}), block.get("attributes", {})
    for name, value in values.items():
        if name in nested:
            for each in value:
                yield from unknown(f"{place}.{name}", each, nested[name]["block"])
        elif name not in attributes:
            yield f"{place}.{name}"
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            names = attributes[name]["type"][1][1]  # ["list", ["object", {name: type}]]
            yield from (f"{place}.{name}.{key}" for each in value for key in each if key not in names)


def test_the_names_of_attributes_are_those_of_the_provider(resource_schemas: Mapping[str, Any]) -> None:
    found = [
        name
        for kind in KINDS
        if kind.type not in OUR_OWN
        for name in unknown(kind.type, kind.convert(ANSWERS[kind.type]), resource_schemas[kind.type]["block"])
    ]
    assert found == []


def test_a_name_that_the_provider_does_not_have_is_noticed(resource_schemas: Mapping[str, Any]) -> None:
    schema = resource_schemas["aws_lb_listener"]["block"]
    values = {"port": 80, "default_action": [{"typo": 1}], "invented": ""}
    assert list(unknown("x", values, schema)) == ["x.default_action.typo", "x.invented"]
