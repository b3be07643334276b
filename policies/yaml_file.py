"""YAML files that a JSON Schema describes: read strictly, checked, every error of the file in one message."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from policies.errors import GateError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):
    """Refuses a key that stands twice in one map."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} twice, or no text", key.start_mark
                )
            seen.add(key.value)
        table: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return table


def read_checked_yaml(path: Path, schema: Mapping[str, Any]) -> Any:
    """The file's value, valid against the schema (draft 2020-12). GateError with every fault otherwise."""
    from jsonschema import Draft202012Validator

    value = _read(path)
    faults = sorted(
        Draft202012Validator(schema).iter_errors(value), key=lambda fault: list(map(str, fault.absolute_path))
    )
    if faults:
        found = "; ".join(f"{fault.json_path.removeprefix('$.')}: {fault.message}" for fault in faults)
        raise GateError("the file breaks its schema", str(path), found=found)
    return value


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  # a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise GateError("the file is not YAML", where, found=str(getattr(error, "problem", error))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise GateError("the file cannot be read", str(path), found=str(error)) from error
