"""How ECS places the tasks of a service on capacity providers: base first, the rest by weight, any rounding.

AWS says that the base is filled first and the rest divided by weight, not how the division is rounded, and that a
provider of weight 0 cannot be used to place tasks, not what becomes of its base. So there is no one answer:
`placements` gives all of them, and a share is relied on only where it holds under each.
Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html (2026-11-22)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SPOT = "FARGATE_SPOT"
MOST_ROWS = 100


@dataclass(frozen=True)
class Share:
    """One item of a strategy: at least `base` tasks, then `weight` parts of the rest."""

    provider: str
    base: int = 0
    weight: int = 0

    def __str__(self) -> str:
        return f"{self.provider} base {self.base} weight {self.weight}"


@dataclass(frozen=True)
class Placement:
    """One way in which `tasks` tasks may be placed; `rounding` says how it came about."""

    tasks: int
    spot: int
    rounding: str

    @property
    def on_demand(self) -> int:
        return self.tasks - self.spot

    @property
    def spot_percent(self) -> float:
        return 100 * self.spot / self.tasks

    def reaches(self, percent: int) -> bool:
        """Whether Spot carries at least that share; in whole numbers, so that 50 % of 4 is exactly 2."""
        return 100 * self.spot >= percent * self.tasks


def faults(strategy: Iterable[Share]) -> tuple[str, ...]:
    """Why ECS would refuse a strategy; a refused one places nothing."""
    shares = tuple(strategy)
    found = []
    if not any(share.weight > 0 for share in shares):
        found.append("no provider has a weight above 0")
    if sum(share.base > 0 for share in shares) > 1:
        found.append("more than one provider has a base")
    if len({share.provider for share in shares}) != len(shares):
        found.append("a provider is named twice")
    if any(share.base < 0 or share.weight < 0 for share in shares):
        found.append("a base or a weight is negative")
    return tuple(found)


def placements(strategy: Iterable[Share], tasks: int) -> tuple[Placement, ...]:
    """Every outcome that AWS's description allows for a task count of at least 1; ValueError for a refused strategy."""
    shares = tuple(strategy)
    if tasks < 1 or (wrong := faults(shares)):
        raise ValueError(f"cannot place {tasks} tasks: {', '.join(wrong) if tasks > 0 else 'fewer than one'}")
    unused = [share for share in shares if share.base and not share.weight]
    found = list(_divided(shares, tasks, " and base kept" if unused else ""))
    if unused:
        kept = tuple(share for share in shares if share.weight)
        found += _divided(kept, tasks, " and base of weight 0 ignored")
    return tuple(found)


def _divided(shares: tuple[Share, ...], tasks: int, note: str) -> Iterator[Placement]:
    based = next((share for share in shares if share.base), None)
    first = min(based.base, tasks) if based else 0
    spot_first = first if based and based.provider == SPOT else 0
    weight = sum(share.weight for share in shares)
    spot_weight = sum(share.weight for share in shares if share.provider == SPOT)
    down, remainder = divmod((tasks - first) * spot_weight, weight)
    if not remainder:
        yield Placement(tasks, spot_first + down, f"exact{note}")
        return
    yield Placement(tasks, spot_first + down, f"down{note}")
    yield Placement(tasks, spot_first + down + 1, f"up{note}")


def table(rows: Iterable[Placement], percent: int) -> str:
    """The placements as lines of text, those below the share marked; of very many only the first of those."""
    rows = tuple(rows)
    if len(rows) > MOST_ROWS:
        rows = tuple(row for row in rows if not row.reaches(percent))[:MOST_ROWS]
    lines = ["tasks  Spot  on-demand  Spot %  rounding"]
    lines += [
        f"{row.tasks:>5}  {row.spot:>4}  {row.on_demand:>9}  {row.spot_percent:>6.1f}  {row.rounding}"
        + ("" if row.reaches(percent) else f"  < {percent}")
        for row in rows
    ]
    return "\n".join(lines)
