"""At every task count that scaling may reach, and however ECS rounds, Spot carries its share of each service."""

from collections.abc import Iterator

from policies.graph import Block, Graph, Resource
from policies.graph.ecs import SERVICE, default_strategies_of, task_counts, whole
from policies.mutant import Mutant, append, both, drop, put
from policies.placement import Share, faults, placements, table
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="spot-majority",
    title="ECS service has its share of tasks on Fargate Spot at every task count, under any rounding",
    severity=Severity.HIGH,
    clauses=("P.1.3", "G.1.1"),
    pci_dss=(),
    rationale="A base is filled before weights count: what looks half and half may be a third at 3 tasks.",
    remediation="Put the base on FARGATE_SPOT and give it at least the weight of FARGATE; never rely on weight 0.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html", "2026-11-22"
    ),
    applies_to=(SERVICE, "aws_ecs_cluster_capacity_providers"),
)

MOST_BASE, MOST_WEIGHT = 100_000, 1_000  # what the API takes
OWN, DEFAULT = "capacity_provider_strategy", "default_capacity_provider_strategy"


def check_each(place: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per service or cluster default, with the table of every count and rounding in its message."""
    attribute = OWN if place.type == SERVICE else DEFAULT
    shares = _shares(place, graph) if place.type == SERVICE else _read(place.blocks(DEFAULT))
    counts = _counts(place, graph, spec)
    percent = spec.get("capacity.minimum_spot_percent")
    expected = f"at least {percent} % on Spot at every count from {counts[0]} to {counts[-1]}"
    written = ", ".join(map(str, shares)) or None
    if wrong := faults(shares):
        yield finding(place, attribute, written, expected, f"ECS refuses this strategy: {'; '.join(wrong)}")
        return
    rows = [row for tasks in counts for row in placements(shares, tasks)]
    short = [row for row in rows if not row.reaches(percent)]
    if short:
        worst = min(short, key=lambda row: row.spot_percent)
        message = (
            f"{worst.spot} of {worst.tasks} tasks on Spot in the worst case, from {written}\n{table(rows, percent)}"
        )
        yield finding(place, attribute, f"{worst.spot_percent:.0f} % at {worst.tasks} tasks", expected, message)


def _shares(service: Resource, graph: Graph) -> tuple[Share, ...]:
    """The service's own strategy, else its launch type, else the default of its cluster."""
    if own := service.blocks(OWN):
        return _read(own)
    if launch_type := service.text("launch_type"):
        return (Share(launch_type, weight=1),)
    return _read(default_strategies_of(service, graph))


def _read(blocks: tuple[Block, ...]) -> tuple[Share, ...]:
    """Strategy blocks as shares; what is not said is 0, as in the API."""
    return tuple(
        Share(
            block.text("capacity_provider") or "",
            whole(block, "base", 0, MOST_BASE),
            whole(block, "weight", 0, MOST_WEIGHT),
        )
        for block in blocks
    )


def _counts(place: Resource, graph: Graph, spec: Spec) -> range:
    """The counts that the service's scaling may reach; those of the spec for a cluster's default."""
    low, high = spec.get("scaling.min_tasks"), spec.get("scaling.max_tasks")
    return task_counts(place, graph, low, high) if place.type == SERVICE else range(low, high + 1)


API, NOTIFY = "aws_ecs_service.payment-api", "aws_ecs_service.notification-service"
CLUSTER = "aws_ecs_cluster_capacity_providers.main"
ON_DEMAND = [{"capacity_provider": "FARGATE", "weight": 1}]
MUTANTS = (
    Mutant("base on demand", both(put(API, f"{OWN}[0].base", 1), put(API, f"{OWN}[1].base", 0)), at=API),
    Mutant("no base, so that rounding decides", put(API, f"{OWN}[1].base", 0), at=API),
    Mutant(
        "base and weight as text",
        put(
            API,
            OWN,
            [
                {"capacity_provider": "FARGATE", "base": "1", "weight": "1"},
                {"capacity_provider": "FARGATE_SPOT", "weight": "1"},
            ],
        ),
        at=API,
    ),
    Mutant("a large Spot base, the rest on demand", put(API, f"{OWN}[0].weight", 3), at=API),
    Mutant(
        "Spot at weight 0 with a base for all",
        both(put(API, f"{OWN}[1].base", 10), put(API, f"{OWN}[1].weight", 0)),
        at=API,
    ),
    Mutant("Spot weight left to its default", both(drop(API, f"{OWN}[1].weight"), drop(API, f"{OWN}[1].base")), at=API),
    Mutant("launch type instead of a strategy", both(drop(API, OWN), put(API, "launch_type", "FARGATE")), at=API),
    Mutant("half on instances", append(API, OWN, {"capacity_provider": "asg", "weight": 2}), at=API),
    Mutant("no weight at all", put(API, OWN, [{"capacity_provider": "FARGATE_SPOT", "base": 3}]), at=API),
    Mutant("two bases", put(API, f"{OWN}[0].base", 1), at=API),
    Mutant("falls to a cluster default on demand", both(drop(API, OWN), put(CLUSTER, DEFAULT, ON_DEMAND)), at=API),
    Mutant("one service of three", put(NOTIFY, OWN, ON_DEMAND), at=NOTIFY),
    Mutant("cluster default on demand", put(CLUSTER, DEFAULT, ON_DEMAND), at=CLUSTER),
    Mutant("no cluster default", drop(CLUSTER, DEFAULT), at=CLUSTER),
    Mutant(
        "a range that outgrows the Spot base",
        both(
            put(API, f"{OWN}[1].base", 5),
            put(API, f"{OWN}[1].weight", 2),
            put(API, f"{OWN}[0].weight", 3),
            put("aws_appautoscaling_target.payment-api", "max_capacity", 40),
        ),
        at=API,
        also=("scaling-range",),
    ),
)
