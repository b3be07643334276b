"""What the provider's resource types accept: tags, a name, arguments that decide what a destroy leaves behind."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

TYPES_FILE = Path(__file__).parent / "aws_types.json"


class Types(NamedTuple):
    """made: the day of the snapshot. teardown: argument -> the types that have it."""

    made: str
    all: frozenset[str]
    taggable: frozenset[str]
    named: frozenset[str]
    teardown: Mapping[str, frozenset[str]]


@lru_cache(maxsize=1)
def types() -> Types:
    """The snapshot, read once."""
    content: dict[str, Any] = json.loads(TYPES_FILE.read_text(encoding="utf-8"))
    return Types(
        made=content["made"],
        all=frozenset(content["types"]),
        taggable=frozenset(content["taggable"]),
        named=frozenset(content["named"]),
        teardown={argument: frozenset(kinds) for argument, kinds in content["teardown"].items()},
    )
