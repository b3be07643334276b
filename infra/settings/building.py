"""From checked plain data to the frozen dataclasses of model.py; the dataclasses themselves say how."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from infra.settings.errors import KeyPath
from infra.settings.model import Service

Built = TypeVar("Built")
_GIVEN_BY_KEY = "name"


def build(kind: type[Built], data: dict[str, Any]) -> Built:
    """One dataclass from a mapping that the schema and `missing_keys` have passed."""
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: value if value is None else _value(hints[name], value) for name, value in data.items()})


def build_service(name: str, data: dict[str, Any], damaged: frozenset[str] = frozenset()) -> Service:
    """One service from its name and its merged settings; its damaged fields are None."""
    known = {field.name for field in fields(Service)}
    sound = {key: value for key, value in data.items() if key in known - damaged}
    return build(Service, {_GIVEN_BY_KEY: name, **dict.fromkeys(known & damaged), **sound})


def merge(defaults: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Own values over defaults: mappings key by key, everything else as a whole."""
    merged = {**defaults, **own}
    for key in defaults.keys() & own.keys():
        if isinstance(defaults[key], dict) and isinstance(own[key], dict):
            merged[key] = merge(defaults[key], own[key])
    return merged


def missing_keys(data: dict[str, Any], kind: Any = Service, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Paths of what a merged service still lacks, nested blocks included."""
    hints = _hints(kind)
    for field in fields(kind):
        inner = hints[field.name]
        if field.name in data:
            if is_dataclass(inner) and isinstance(data[field.name], dict):
                yield from missing_keys(data[field.name], inner, (*path, field.name))
        elif field.default is MISSING and field.default_factory is MISSING and field.name != _GIVEN_BY_KEY:
            yield (*path, field.name)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) is UnionType:
        hint = next(option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if get_origin(hint) is Mapping:
        return {key: _value(get_args(hint)[1], item) for key, item in value.items()}
    return build(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
