"""Only what the provider's schema does not know is dropped, wherever it stands, and each drop is reported."""

import copy
from typing import Any

import pytest

from delivery.terraform.prune import Dropped, prune

NESTED = {"nesting_mode": "list", "block": {"attributes": {"port": {"type": "number"}}}}
SERVICE = {
    "attributes": {
        "name": {"type": "string"},
        "tags": {"type": ["map", "string"]},
        "ingress": {"type": ["set", ["object", {"port": "number", "tags": ["map", "string"]}]]},
        "timeouts": {"nested_type": {"nesting_mode": "single", "attributes": {"create": {"type": "string"}}}},
        "rules": {"nested_type": {"nesting_mode": "map", "attributes": {"kind": {"type": "string"}}}},
    },
    "block_types": {
        "load_balancer": NESTED,
        "outer": {"nesting_mode": "list", "block": {"block_types": {"inner": NESTED}}},
    },
}
SCHEMAS = {
    "registry.terraform.io/hashicorp/aws": {
        "provider": {"block": {"attributes": {"region": {"type": "string"}}}},
        "resource_schemas": {"aws_service": {"block": SERVICE}},
        "data_source_schemas": {"aws_caller": {"block": {"attributes": {"id": {"type": "string"}}}}},
    }
}


def pruned(body: Any, section: str = "resource", kind: str = "aws_service") -> tuple[Any, list[Dropped]]:
    config, dropped = prune({section: {kind: {"api": body}}}, SCHEMAS)
    return config[section][kind]["api"], dropped


@pytest.mark.parametrize(
    ("body", "expected", "paths"),
    [
        ({"name": "a", "future": 1}, {"name": "a"}, ["future"]),
        ({"future": {"deep": {"er": 1}}}, {}, ["future"]),
        ({"load_balancer": [{"port": 1}, {"port": 2, "x": 3}]}, {"load_balancer": [{"port": 1}, {"port": 2}]},
         ["load_balancer[1].x"]),
        ({"load_balancer": {"port": 1, "x": 3}}, {"load_balancer": {"port": 1}}, ["load_balancer.x"]),
        ({"outer": {"inner": [{"x": 1}]}}, {"outer": {"inner": [{}]}}, ["outer.inner[0].x"]),
        ({"tags": {"any": "key"}}, {"tags": {"any": "key"}}, []),
        ({"ingress": [{"port": 1, "x": 2, "tags": {"k": "v"}}]}, {"ingress": [{"port": 1, "tags": {"k": "v"}}]},
         ["ingress[0].x"]),
        ({"ingress": "${local.rules}"}, {"ingress": "${local.rules}"}, []),
        ({"timeouts": {"create": "1m", "x": "2m"}}, {"timeouts": {"create": "1m"}}, ["timeouts.x"]),
        ({"rules": {"one": {"kind": "k", "x": 1}}}, {"rules": {"one": {"kind": "k"}}}, ["rules.one.x"]),
        ({"dynamic": {"load_balancer": {"for_each": [], "content": {"port": 1, "x": 2}}, "future": {"content": {}}}},
         {"dynamic": {"load_balancer": {"for_each": [], "content": {"port": 1}}}}, ["future", "load_balancer.x"]),
        ({"lifecycle": {"ignore_changes": ["name", "future", "load_balancer[0].x", "load_balancer[0].port"]}},
         {"lifecycle": {"ignore_changes": ["name", "load_balancer[0].port"]}},
         ["lifecycle.ignore_changes(future)", "lifecycle.ignore_changes(load_balancer[0].x)"]),
        ({"lifecycle": {"ignore_changes": "all"}}, {"lifecycle": {"ignore_changes": "all"}}, []),
    ],
)  # fmt: skip
def test_what_the_schema_does_not_know_is_dropped(body: Any, expected: Any, paths: list[str]) -> None:
    assert pruned(body) == (expected, [Dropped("aws_service.api", path) for path in paths])


def test_meta_arguments_are_not_the_providers_and_stay() -> None:
    body = {
        "//": {"metadata": {"path": "stack/api"}},
        "count": 1,
        "for_each": {},
        "depends_on": ["aws_service.b"],
        "provider": "aws",
        "lifecycle": {"create_before_destroy": True},
        "provisioner": [{"local-exec": {"command": "true"}}],
        "connection": {},
    }
    assert pruned(body) == (body, [])


def test_data_sources_and_the_provider_block_are_pruned_too() -> None:
    body, dropped = pruned({"id": "a", "x": 1}, section="data", kind="aws_caller")
    assert (body, dropped) == ({"id": "a"}, [Dropped("data.aws_caller.api", "x")])
    config, dropped = prune({"provider": {"aws": [{"region": "us-east-1", "x": 1}]}}, SCHEMAS)
    assert (config, dropped) == ({"provider": {"aws": [{"region": "us-east-1"}]}}, [Dropped("provider.aws", "x")])


def test_a_resource_type_that_the_provider_does_not_know_stays_for_terraform_to_refuse() -> None:
    assert pruned({"anything": 1}, kind="aws_future") == ({"anything": 1}, [])


def test_everything_else_of_the_configuration_stays_as_it_is_and_the_input_is_not_changed() -> None:
    config = {
        "terraform": {"backend": {"local": {"path": "x"}}},
        "output": {"o": {"value": "${aws_service.api.future}"}},
        "locals": {"future": 1},
        "resource": {"aws_service": {"api": {"name": "a", "load_balancer": [{"x": 1}]}}},
    }
    before = copy.deepcopy(config)
    result, _ = prune(config, SCHEMAS)
    assert config == before
    assert {key: result[key] for key in ("terraform", "output", "locals")} == {
        key: before[key] for key in ("terraform", "output", "locals")
    }
