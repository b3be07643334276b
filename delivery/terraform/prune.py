"""Drop the arguments that an installed provider does not know, judged by its own schema. Pure.

The stack is written for a provider range; the provider that a sandbox happens to have may be older. What it does not
know is taken out and reported, so that everything else of the very same JSON is deployed.
Schema source: https://developer.hashicorp.com/terraform/cli/commands/providers/schema (checked 2026-11-22).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Any
Schemas = Mapping[str, Mapping[str, Any]]  # HOST/NAMESPACE/TYPE -> the provider's entry of `provider_schemas`

# Section of the JSON -> section of a provider's schema.
SECTIONS = {
    "resource": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}
ADDRESS_PREFIX = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}

# Meta-arguments belong to terraform, not to a provider; "//" is a comment (the construct path).
META_ARGUMENTS = frozenset(
    {"//", "count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"}
)


@dataclass(frozen=True, order=True)
class Dropped:
    """An argument that was taken out: `load_balancer[0].advanced_configuration` of `aws_ecs_service.api`."""

    address: str
    path: str

    def __str__(self) -> str:
        return f"{self.address}: {self.path}"


def prune(config: Mapping[str, Any], schemas: Schemas) -> tuple[dict[str, Any], list[Dropped]]:
    """The configuration without what its providers do not know, and what was left out, sorted.

    A resource type that no provider knows stays: terraform's own message about it is the right one.
    """
    dropped: list[Dropped] = []
    pruned = dict(config)
    for section, schema_section in SECTIONS.items():
        blocks = _types(schemas, schema_section)
        if isinstance(config.get(section), Mapping):
            pruned[section] = {
                kind: _resources(named, blocks.get(kind), f"{ADDRESS_PREFIX[section]}{kind}", dropped)
                for kind, named in config[section].items()
            }
    if isinstance(config.get("provider"), Mapping):
        providers = {source.rsplit("/", 1)[-1]: schema["provider"]["block"] for source, schema in schemas.items()}
        pruned["provider"] = {
            name: _body(body, providers.get(name), _Place(f"provider.{name}", dropped))
            for name, body in config["provider"].items()
        }
    return pruned, sorted(dropped)


@dataclass(frozen=True)
class _Place:
    """Where in the configuration a value stands, and the list that collects what is dropped there."""

    address: str
    dropped: list[Dropped]
    path: str = ""

    def step(self, name: str) -> "_Place":
        return _Place(self.address, self.dropped, f"{self.path}.{name}" if self.path else name)

    def item(self, index: int) -> "_Place":
        return _Place(self.address, self.dropped, f"{self.path}[{index}]" if self.path else "")

    def drop(self) -> None:
        self.dropped.append(Dropped(self.address, self.path))


def _types(schemas: Schemas, section: str) -> dict[str, Mapping[str, Any]]:
    return {kind: entry["block"] for schema in schemas.values() for kind, entry in (schema.get(section) or {}).items()}


def _resources(named: Json, block: Mapping[str, Any] | None, kind: str, dropped: list[Dropped]) -> Json:
    if not isinstance(named, Mapping):
        return named
    return {name: _body(body, block, _Place(f"{kind}.{name}", dropped)) for name, body in named.items()}


def _body(body: Json, block: Mapping[str, Any] | None, place: _Place) -> Json:
    """A block body, or a list of them, without the keys its schema does not have."""
    if block is None:
        return body
    if isinstance(body, list):
        return [_body(item, block, place.item(index)) for index, item in enumerate(body)]
    if not isinstance(body, Mapping):
        return body
    kept = {}
    for key, value in body.items():
        if key == "lifecycle" and not place.path:
            kept[key] = _lifecycle(value, block, place.step(key))
        elif key == "dynamic":
            kept[key] = _dynamic(value, block, place)
        elif key in META_ARGUMENTS:
            kept[key] = value
        elif (attribute := (block.get("attributes") or {}).get(key)) is not None:
            kept[key] = _attribute(value, attribute, place.step(key))
        elif (nested := (block.get("block_types") or {}).get(key)) is not None:
            kept[key] = _by_nesting(value, nested["nesting_mode"], nested["block"], place.step(key))
        else:
            place.step(key).drop()
    return kept


def _by_nesting(value: Json, nesting_mode: str, block: Mapping[str, Any], place: _Place) -> Json:
    if nesting_mode == "map" and isinstance(value, Mapping):
        return {key: _body(item, block, place.step(key)) for key, item in value.items()}
    return _body(value, block, place)


def _attribute(value: Json, attribute: Mapping[str, Any], place: _Place) -> Json:
    nested = attribute.get("nested_type")
    if nested:
        return _by_nesting(value, nested["nesting_mode"], nested, place)
    return _typed(value, attribute.get("type"), place)


def _typed(value: Json, kind: Json, place: _Place) -> Json:
    """A value of a type in Terraform's notation (`["list", ["object", {...}]]`): blocks written as attributes."""
    if not isinstance(kind, Sequence) or isinstance(kind, str):
        return value
    constructor, inner = kind[0], kind[1]
    if constructor == "object" and isinstance(value, Mapping):
        kept = {}
        for key, item in value.items():
            if key in inner:
                kept[key] = _typed(item, inner[key], place.step(key))
            else:
                place.step(key).drop()
        return kept
    if constructor == "map" and isinstance(value, Mapping):
        return {key: _typed(item, inner, place.step(key)) for key, item in value.items()}
    if constructor in ("list", "set"):
        if isinstance(value, list):
            return [_typed(item, inner, place.item(index)) for index, item in enumerate(value)]
        return _typed(value, inner, place)  # one block may be written without its list
    return value


def _dynamic(value: Json, block: Mapping[str, Any], place: _Place) -> Json:
    """`dynamic` holds, by block name, an object with `for_each` and the block's `content`."""
    if not isinstance(value, Mapping):
        return value
    kept = {}
    for name, generator in value.items():
        nested = (block.get("block_types") or {}).get(name)
        if nested is None:
            place.step(name).drop()
        elif isinstance(generator, Mapping) and "content" in generator:
            kept[name] = {**generator, "content": _body(generator["content"], nested["block"], place.step(name))}
        else:
            kept[name] = generator
    return kept


def _lifecycle(value: Json, block: Mapping[str, Any], place: _Place) -> Json:
    """`ignore_changes` may name only arguments that are there: what is dropped cannot be ignored either."""
    if isinstance(value, list):
        return [_lifecycle(item, block, place) for item in value]
    if not isinstance(value, Mapping) or not isinstance(value.get("ignore_changes"), list):
        return value
    kept = []
    for argument in value["ignore_changes"]:
        if _is_known(argument, block):
            kept.append(argument)
        else:
            place.step(f"ignore_changes({argument})").drop()
    return {**value, "ignore_changes": kept}


def _is_known(argument: str, block: Mapping[str, Any]) -> bool:
    here = block
    for name in re.findall(r"[A-Za-z_][\w-]*", argument):
        if name in (here.get("attributes") or {}):
            return True
        if name not in (here.get("block_types") or {}):
            return False
        here = here["block_types"][name]["block"]
    return True
