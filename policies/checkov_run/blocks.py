"""Where an outcome of the gate belongs in Checkov, which visits blocks one by one and knows of nothing else."""

from policies.graph import Graph


def visited_blocks(graph: Graph) -> dict[str, str]:
    """The blocks that Checkov visits, by address, with their kinds."""
    visited = (item for item in graph.resources.values() if item.mode in ("resource", "data"))
    return {item.address: item.kind for item in (*visited, *graph.providers)}


def first_block(blocks: dict[str, str]) -> str:
    """The block at which stands what belongs to none: the first managed resource, or the first block of all."""
    managed = (address for address, kind in blocks.items() if "." not in kind)
    return next(managed, next(iter(blocks), ""))
