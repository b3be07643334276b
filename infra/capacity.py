"""The capacity-provider strategy of the settings, in the form every ECS resource takes it."""

from dataclasses import dataclass

from infra.settings.model import Capacity


@dataclass(frozen=True)
class Share:
    """One entry of a strategy: `base` tasks first, the rest by `weight`."""

    provider: str
    base: int
    weight: int


def strategy(capacity: Capacity) -> tuple[Share, ...]:
    """On-demand first, Spot second: a fixed order, because Terraform shows a changed order as a change."""
    return (
        Share("FARGATE", capacity.on_demand.base, capacity.on_demand.weight),
        Share("FARGATE_SPOT", capacity.spot.base, capacity.spot.weight),
    )
