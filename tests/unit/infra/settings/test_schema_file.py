"""The schema is what editors show: valid, closed, described, and at one with the dataclasses."""

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

import pytest
from jsonschema.validators import Draft202012Validator

from infra.settings import model
from infra.settings.schema import SCHEMA_PATH

SCHEMA: dict[str, Any] = json.loads(SCHEMA_PATH.read_text())
MODELS = {
    (): model.Settings,
    ("network",): model.Network,
    ("capacity", "spot"): model.CapacityShare,
    ("capacity",): model.Capacity,
    ("logs",): model.Logs,
    ("load_balancer",): model.LoadBalancer,
    ("load_balancer", "certificate"): model.Certificate,
    ("registry",): model.Registry,
    ("registry", "lifecycle"): model.ImageLifecycle,
    ("image_scan",): model.ImageScan,
    ("discovery",): model.Discovery,
    ("services", "*"): model.Service,
    ("services", "*", "image"): model.Image,
    ("services", "*", "routes"): model.Routes,
    ("services", "*", "scaling"): model.Scaling,
    ("services", "*", "health_check"): model.HealthCheck,
    ("services", "*", "rollout"): model.Rollout,
    ("services", "*", "rollout", "blue_green"): model.BlueGreen,
    ("services", "*", "rollout", "blue_green", "test_route"): model.TestRoute,
    ("services", "*", "rollout", "blue_green", "hooks", "*"): model.Hook,
    ("services", "*", "secrets", "*"): model.Secret,
    ("services", "*", "secrets", "*", "database_user"): model.DatabaseUser,
    ("services", "*", "secrets", "*", "api_key"): model.ApiKey,
    ("services", "*", "outbound", "*"): model.Outbound,
    ("services", "*", "task_permissions", "*"): model.Permission,
}
NOT_IN_THE_FILE = {"suffix", "folder"}  # the one is given beside it, the other is where it lies


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its $ref replaced by what it names; keywords beside the $ref stay."""
    if "$ref" not in schema:
        return schema
    return {**SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], **schema}


def keys(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    schema = resolved(schema)
    yield path, schema
    for key, inner in schema.get("properties", {}).items():
        yield from keys(inner, (*path, key))
    for inner in (schema.get("additionalProperties"), schema.get("items")):
        if isinstance(inner, dict):
            yield from keys(inner, (*path, "*"))


ALL_KEYS = dict(keys(SCHEMA))


def test_the_schema_is_valid_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_has_a_title_and_a_description() -> None:
    keys_of_mappings = {path: schema for path, schema in ALL_KEYS.items() if path and path[-1] != "*"}

    assert len(keys_of_mappings) > 90
    for path, schema in keys_of_mappings.items():
        assert schema.get("title"), path
        assert schema.get("description"), path


def test_every_mapping_is_closed_or_says_what_its_values_are() -> None:
    mappings = {path: schema for path, schema in ALL_KEYS.items() if schema.get("type") == "object"}

    assert len(mappings) > 20
    for path, schema in mappings.items():
        free_keys = isinstance(schema["additionalProperties"], dict) and "propertyNames" in schema
        assert schema["additionalProperties"] is False or free_keys, path


def test_every_pattern_is_anchored_and_says_in_words_what_it_allows() -> None:
    with_pattern = {path: schema for path, schema in ALL_KEYS.items() if "pattern" in schema}

    assert len(with_pattern) > 10
    for path, schema in with_pattern.items():
        assert re.fullmatch(r"\^.*\$", schema["pattern"]), path
        assert schema["errorMessage"], path


def test_every_number_has_both_bounds() -> None:
    numbers = {path: schema for path, schema in ALL_KEYS.items() if schema.get("type") == "integer"}

    assert len(numbers) > 25
    for path, schema in numbers.items():
        assert "enum" in schema or {"minimum", "maximum"} <= set(schema), path


@pytest.mark.parametrize("path", MODELS, ids=".".join)
def test_the_keys_are_the_fields_of_the_dataclass(path: tuple[str, ...]) -> None:
    not_in_the_file = {(): NOT_IN_THE_FILE, ("services", "*"): {"name"}}.get(path, set())
    only_in_the_file = {(): {"service_defaults"}}.get(path, set())

    assert (
        set(ALL_KEYS[path]["properties"]) - only_in_the_file
        == {field.name for field in fields(MODELS[path])} - not_in_the_file
    )


@pytest.mark.parametrize("path", MODELS, ids=".".join)
def test_a_key_that_may_be_left_out_states_the_default_of_the_dataclass(path: tuple[str, ...]) -> None:
    for field in fields(MODELS[path]):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if default in (MISSING, None) or field.name in NOT_IN_THE_FILE:
            continue
        stated = ALL_KEYS[(*path, field.name)]["default"]
        assert (tuple(stated) if isinstance(stated, list) else stated) == default


def test_the_defaults_of_services_take_no_key_that_names_one_service() -> None:
    assert set(ALL_KEYS[("services", "*")]["properties"]) - set(ALL_KEYS[("service_defaults",)]["properties"]) == {
        "port", "image", "routes", "calls", "task_permissions", "secrets",
    }  # fmt: skip
