"""Where an outcome of the gate belongs in Checkov, which visits blocks one by one and knows of nothing else."""

from typing import Any

from policies.graph import Graph


def block_address(block: str, kind: str, name: str, configuration: Any) -> str:
    """The address of a block as Checkov sees it: `resource`, `data` or `provider`, type, name, rendered arguments."""
    if block != "provider":
        return f"{'data.' if block == 'data' else ''}{kind}.{name}"
    alias = configuration.get("alias") if isinstance(configuration, dict) else None
    alias = alias[0] if isinstance(alias, list) and alias else alias
    return f"provider.{kind}" + (f".{alias}" if isinstance(alias, str) else "")


def entity_address(block: str, entity: dict[str, Any]) -> str:
    """The same of a parsed entity: `{type: {name: arguments}}`, of a provider `{type: arguments}`."""
    kind, inner = next(iter(entity.items()))
    if block == "provider":
        return block_address(block, kind, kind, inner)
    name, configuration = next(iter(inner.items()))
    return block_address(block, kind, name, configuration)


def visited_blocks(graph: Graph) -> dict[str, str]:
    """The blocks that Checkov visits, by address, with their kinds."""
    visited = (item for item in graph.resources.values() if item.mode in ("resource", "data"))
    return {item.address: item.kind for item in (*visited, *graph.providers)}


def first_block(blocks: dict[str, str]) -> str:
    """The block at which stands what belongs to none: the first managed resource, or the first block of all."""
    managed = (address for address, kind in blocks.items() if "." not in kind)
    return next(managed, next(iter(blocks), ""))
