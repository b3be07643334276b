"""How few tasks of a service run on Fargate Spot, in the worst case that ECS leaves open.

ECS places `base` first and splits the rest by weight; it does not say how it rounds. So the rest counts as rounded down
for Spot.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def fewest_spot_tasks(strategy: Iterable[Mapping[str, Any]], tasks: int) -> int:
    """Spot tasks among `tasks` under a capacity-provider strategy, at the least."""
    shares: dict[str, tuple[int, int]] = {
        entry["capacity_provider"]: (entry.get("base", 0), entry.get("weight", 0)) for entry in strategy
    }
    spot_base, spot_weight = shares.get("FARGATE_SPOT", (0, 0))
    bases = sum(base for base, _ in shares.values())
    weights = sum(weight for _, weight in shares.values())
    if tasks <= bases:
        return min(spot_base, tasks) if bases == spot_base else 0
    return spot_base + ((tasks - bases) * spot_weight // weights if weights else 0)


def most_spot_tasks(strategy: Iterable[Mapping[str, Any]], tasks: int) -> int:
    """Spot tasks among `tasks` when every rounding favours Spot: the rest of what on-demand gets at the least."""
    swapped = {"FARGATE": "FARGATE_SPOT", "FARGATE_SPOT": "FARGATE"}
    return tasks - fewest_spot_tasks(
        [{**entry, "capacity_provider": swapped[entry["capacity_provider"]]} for entry in strategy], tasks
    )
