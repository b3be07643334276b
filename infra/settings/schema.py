"""Checks a document against a JSON Schema of environments/ (draft 2020-12) and says in plain words what is wrong.

A schema may carry `errorMessage`, the words for what is allowed; editors with a YAML language server show it too.
"""

import json
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from pathlib import Path
from typing import Any

from infra.settings.errors import KeyPath, show_value
from infra.settings.problem import Problem

SCHEMA_PATH = Path(__file__).parents[2] / "environments" / "settings.schema.json"

LISTED_TWICE = "is listed twice"

_TYPE_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def schema_problems(data: dict[str, Any], schema_path: Path = SCHEMA_PATH) -> list[Problem]:
    """Everything the schema refuses, at most one problem per key path."""
    first: dict[KeyPath, Problem] = {}
    for error in _validator(schema_path).iter_errors(data):
        for problem in _problems(error):
            first.setdefault(problem.path, problem)
    return list(first.values())


def _validator(schema_path: Path) -> Any:
    # Imported here because it takes longer than everything else in this package together.
    from jsonschema import FormatChecker
    from jsonschema.validators import Draft202012Validator, extend

    formats = FormatChecker(formats=())
    formats.checks("ipv4-network", raises=(AddressValueError, NetmaskValueError, ValueError))(_is_ipv4_network)
    whole = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole_number)
    strict = extend(Draft202012Validator, validators={"pattern": _pattern}, type_checker=whole)  # type: ignore[no-untyped-call]
    return strict(json.loads(schema_path.read_text(encoding="utf-8")), format_checker=formats)


def _is_ipv4_network(value: object) -> bool:
    return not isinstance(value, str) or ("/" in value and str(IPv4Network(value)) == value)


def _is_whole_number(_checker: Any, value: object) -> bool:
    """Without this, 3.0 would count as an integer and reach the JSON as 3.0."""
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_validator: Any, pattern: str, value: object, _schema: Any) -> Iterator[Any]:
    """Without this, a line end after the value would match, because `$` matches before it in Python."""
    from jsonschema import ValidationError

    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield ValidationError("does not match")


def _problems(error: Any) -> Iterator[Problem]:
    path: KeyPath = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield Problem(
            (*path, error.instance),
            "is not a possible key here",
            show_value(error.instance),
            _allowed(error),
            "rename the key",
        )
        return
    yield from _TRANSLATIONS.get(error.validator, _malformed)(error, path)


def _missing(error: Any, path: KeyPath) -> Iterator[Problem]:
    for key in error.validator_value:
        if key not in error.instance:
            described = error.schema["properties"].get(key, {}).get("description", "a value")
            yield Problem((*path, key), "is missing", "nothing", described, "add the key")


def _unknown(error: Any, path: KeyPath) -> Iterator[Problem]:
    known = list(error.schema.get("properties", {}))
    for key in error.instance:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            remedy = f"did you mean {close[0]}?" if close else "remove the key"
            found = show_value(error.instance[key])
            yield Problem((*path, key), "is not a known key", found, ", ".join(known), remedy)


def _wrong_type(error: Any, path: KeyPath) -> Iterator[Problem]:
    value, wanted = error.instance, error.validator_value
    remedy = f"write {_TYPE_WORDS[wanted]}"
    if value is None:
        remedy = "give it a value, or remove the key"
    elif wanted == "string" and isinstance(value, (int, float)):
        remedy = "put it in quotes"
    elif wanted in ("integer", "boolean") and isinstance(value, str):
        remedy = "remove the quotes" if re.fullmatch(r"[0-9]+|true|false", value) else remedy
    yield Problem(path, f"is not {_TYPE_WORDS[wanted]}", show_value(value), _allowed(error), remedy)


def _not_listed(error: Any, path: KeyPath) -> Iterator[Problem]:
    allowed = [show_value(value) for value in error.validator_value]
    close = get_close_matches(show_value(error.instance), allowed, n=1) if isinstance(error.instance, str) else []
    remedy = f"did you mean {close[0]}?" if close else "take one of the allowed values"
    yield Problem(path, "is not an allowed value", show_value(error.instance), ", ".join(allowed), remedy)


def _listed_twice(error: Any, path: KeyPath) -> Iterator[Problem]:
    items = error.instance
    for index, item in enumerate(items):
        if item in items[:index]:
            yield Problem((*path, index), LISTED_TWICE, show_value(item), "each value once", "remove one of the two")


def _wrong_size(error: Any, path: KeyPath) -> Iterator[Problem]:
    found = f"{len(error.instance)} entries"
    yield Problem(path, "has too few or too many entries", found, _allowed(error), "add or remove entries")


def _malformed(error: Any, path: KeyPath) -> Iterator[Problem]:
    problem = "is out of range" if error.validator in ("minimum", "maximum") else "is malformed"
    yield Problem(path, problem, show_value(error.instance), _allowed(error), "correct the value")


_TRANSLATIONS: dict[str, Callable[[Any, KeyPath], Iterator[Problem]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _wrong_type,
    "enum": _not_listed,
    "uniqueItems": _listed_twice,
    "minItems": _wrong_size,
    "maxItems": _wrong_size,
    "minProperties": _wrong_size,
    "maxProperties": _wrong_size,
}


def _allowed(error: Any) -> str:
    """What the schema allows, in its own words or made from its keywords."""
    schema = error.schema
    if "errorMessage" in schema:
        return str(schema["errorMessage"])
    if "minimum" in schema:
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    for low, high, unit in (
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "entries"),
        ("minProperties", "maxProperties", "entries"),
    ):
        if low in schema or high in schema:
            most = f"to {schema[high]}" if high in schema else "or more"
            return f"{_TYPE_WORDS[schema['type']]} of {schema.get(low, 0)} {most} {unit}"
    if "enum" in schema:
        return ", ".join(map(show_value, schema["enum"]))
    return _TYPE_WORDS[schema["type"]]
