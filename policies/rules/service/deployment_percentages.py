"""ECS has room to replace tasks at every task count, and never stops all of them at once.

That is how a rolling deployment goes, and how tasks that fail are replaced between deployments, whatever the strategy.
"""

import math
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.ecs import MOST_TASKS, task_counts, whole
from policies.mutant import Mutant, both, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="deployment-percentages",
    title="ECS service has room to replace tasks at every task count without stopping all of them",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("6.5.1",),
    rationale="The upper limit rounds down and the lower one up: 100 and 120 % of three tasks leave no room at all.",
    remediation="Use 100 % as minimum and 200 % as maximum; rebalancing over zones needs a maximum above 100 %.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_service",),
    baseline=True,
)

MOST_PERCENT = 1000
LOWER, UPPER = "deployment_minimum_healthy_percent", "deployment_maximum_percent"


def check_each(service: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for the first count without room, for one at which all may stop, and for a rebalancing that cannot."""
    lower, upper = whole(service, LOWER, 100, MOST_PERCENT), whole(service, UPPER, 200, MOST_PERCENT)
    if service.text("availability_zone_rebalancing") == "ENABLED" and upper <= 100:
        yield finding(service, UPPER, upper, "more than 100, which rebalancing over zones needs")
    desired = whole(service, "desired_count", 1, MOST_TASKS)
    counts = task_counts(service, graph, desired, desired)
    stuck = [tasks for tasks in counts if math.floor(tasks * upper / 100) <= math.ceil(tasks * lower / 100)]
    if stuck:
        yield finding(
            service, UPPER, f"{lower} to {upper} % leave no room at {stuck[0]} tasks", "room for one task more"
        )
    if any(math.ceil(tasks * lower / 100) < 1 for tasks in counts):
        yield finding(service, LOWER, lower, "at least one task that keeps running")


API = "aws_ecs_service.payment-api"
MUTANTS = (
    Mutant("no room", put(API, UPPER, 100), at=API),
    Mutant("no room at the smallest count only", put(API, UPPER, "133"), at=API),
    Mutant("everything may stop", put(API, LOWER, 0), at=API, also=("rollout-keeps-minimum",)),
    Mutant(
        "room by stopping, but none to rebalance",
        both(put(API, UPPER, 100), put(API, LOWER, 67)),
        at=API,
    ),
)
