"""The real stack cut down to what is applied in seconds. Pure."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_REFERENCE = re.compile(r"(?<![\w.-])((?:data\.|ephemeral\.)?aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)")
_SECTIONS = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}


def reduced(config: Mapping[str, Any], kinds: Collection[str]) -> dict[str, Any]:
    """The stack with only the managed resources of these kinds, less those that refer to what is gone.

    Data sources and ephemeral values stay where something that stays needs them; outputs, where they can be told.
    """
    blocks = {address: block for address, block in _blocks(config) if address.startswith(("data.", "ephemeral."))}
    managed = {
        address: block for address, block in _blocks(config) if address not in blocks and address.split(".")[0] in kinds
    }
    while True:
        standing = {address: block for address, block in managed.items() if _needed(block) <= {*managed, *blocks}}
        if len(standing) == len(managed):
            break
        managed = standing
    needed = {reference for block in managed.values() for reference in _needed(block)}
    kept = managed | {address: block for address, block in blocks.items() if address in needed}
    outputs = {name: block for name, block in config.get("output", {}).items() if _needed(block) <= set(kept)}
    rest = {name: section for name, section in config.items() if name not in {*_SECTIONS, "output"}}
    return {**rest, **_sections(kept), **({"output": outputs} if outputs else {})}


def addresses(config: Mapping[str, Any]) -> list[str]:
    """The managed resources, sorted."""
    return sorted(address for address, _ in _blocks(config) if address.startswith("aws_"))


def _blocks(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for section, prefix in _SECTIONS.items():
        for kind, named in config.get(section, {}).items():
            for name, block in named.items():
                yield f"{prefix}{kind}.{name}", block


def _needed(block: Any) -> set[str]:
    return set(_REFERENCE.findall(json.dumps({name: value for name, value in block.items() if name != "//"})))


def _sections(kept: Mapping[str, Any]) -> dict[str, Any]:
    sections: dict[str, Any] = {}
    for address, block in kept.items():
        section = next(name for name, prefix in reversed(_SECTIONS.items()) if address.startswith(prefix))
        kind, name = address.removeprefix(_SECTIONS[section]).split(".")
        sections.setdefault(section, {}).setdefault(kind, {})[name] = block
    return sections
