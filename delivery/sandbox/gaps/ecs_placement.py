"""Which capacity provider and which subnet each task of a service gets, as pure functions.

This is our simulation of the ECS scheduler, not AWS: AWS documents that the base is filled first and the rest follows
the weights, but neither the rounding nor the order (API_CapacityProviderStrategyItem, checked 2026-11-22). What these
functions decide proves nothing about AWS behaviour.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


def split_by_strategy(strategy: Sequence[Mapping[str, Any]], count: int) -> list[str]:
    """The capacity provider of each of `count` tasks: base first, then always the provider that lags its weight most.

    Items of `strategy` have the shape of the API: capacityProvider, base (default 0), weight (default 0). A longer
    split starts with the shorter one, so that scaling out never moves a running task.
    """
    base = [item["capacityProvider"] for item in strategy for _ in range(item.get("base") or 0)]
    weights = {item["capacityProvider"]: item["weight"] for item in strategy if item.get("weight")}
    by_weight: Counter[str] = Counter()
    providers = base[:count]
    while weights and len(providers) < count:
        lagging = min(weights, key=lambda provider: (by_weight[provider] + 1) / weights[provider])
        by_weight[lagging] += 1
        providers.append(lagging)
    return providers


def missing_from(wanted: Sequence[str], running: Sequence[str]) -> list[str]:
    """What has to be started so that `running` becomes `wanted`, both taken as multisets, in the order of `wanted`."""
    left = Counter(running)
    missing = []
    for provider in wanted:
        if left[provider]:
            left[provider] -= 1
        else:
            missing.append(provider)
    return missing


def emptiest_subnet(subnet_ids: Sequence[str], used: Sequence[str]) -> str:
    """The subnet with the fewest tasks of the service; the first of several."""
    tasks = Counter(used)
    return min(subnet_ids, key=lambda subnet_id: tasks[subnet_id])
