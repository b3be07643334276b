"""Reading a synthesized cdk.tf.json: its blocks, and whether a value stands there or is only known later."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from delivery.errors import UserError


class Seeded(NamedTuple):
    """One thing that was put into the emulator; a plain tuple, so that it survives a round trip through JSON."""

    service: str
    kind: str
    id: str


def blocks(config: Mapping[str, Any], section: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Label and content of each block of one kind; section is `resource` or `data`."""
    for label, block in config.get(section, {}).get(kind, {}).items():
        yield label, first(block)


def first(block: Any) -> dict[str, Any]:
    """Terraform JSON writes a single block as an object or as a list of one."""
    found: dict[str, Any] = block[0] if isinstance(block, list) and block else block or {}
    return found


def literal(value: object) -> bool:
    """Whether it is a text that refers to nothing."""
    return isinstance(value, str) and value != "" and "${" not in value


def provider(config: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Region and default tags of the AWS provider. UserError when the region is not literal."""
    provider = first(config.get("provider", {}).get("aws"))
    region = provider.get("region")
    if not literal(region):
        raise UserError(
            "a region is needed to seed repositories",
            where="provider.aws.region",
            found=repr(region),
            allowed="a literal",
        )
    return str(region), dict(first(provider.get("default_tags")).get("tags") or {})
