"""Clusters run tasks on Fargate and Fargate Spot, and on nothing else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, append, drop, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

RULE = Rule(
    id="fargate-capacity-providers",
    title="ECS cluster is associated with the capacity providers FARGATE and FARGATE_SPOT, once, and with no other",
    severity=Severity.HIGH,
    clauses=("P.1.1", "P.1.2", "G.1.1"),
    pci_dss=(),
    rationale="A strategy can only use what its cluster is associated with, and a second association undoes the first.",
    remediation="Give the cluster one aws_ecs_cluster_capacity_providers with exactly FARGATE and FARGATE_SPOT.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_cluster", "aws_ecs_cluster_capacity_providers"),
)

ASSOCIATION = "aws_ecs_cluster_capacity_providers"
EXPECTED = ("FARGATE", "FARGATE_SPOT")


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at clusters without exactly one association, and at associations of others or with other providers."""
    clusters = graph.of_type("aws_ecs_cluster")
    if not clusters:
        yield absence("aws_ecs_cluster", "a cluster")
    ours: set[str] = set()
    for cluster in clusters:
        addresses = [item.address for item in graph.referrers(cluster, ASSOCIATION, "cluster_name")]
        ours.update(addresses)
        if len(addresses) != 1:
            yield finding(cluster, "", addresses or None, f"one {ASSOCIATION}")
    for association in graph.of_type(ASSOCIATION):
        yield from _faults(association, association.address in ours)


def _faults(association: Resource, of_this_stack: bool) -> Iterator[Finding]:
    """It replaces whatever its cluster had, so one of somebody else's takes that away."""
    if not of_this_stack:
        yield finding(association, "cluster_name", association.get("cluster_name"), "a cluster of this stack")
    providers = tuple(sorted(association.texts("capacity_providers")))
    if providers != EXPECTED:
        yield finding(association, "capacity_providers", providers or None, EXPECTED)


CLUSTER, PROVIDERS = "aws_ecs_cluster.main", "aws_ecs_cluster_capacity_providers.main"
SECOND = {
    "cluster_name": "${aws_ecs_cluster.main.name}",
    "capacity_providers": ["FARGATE", "FARGATE_SPOT"],
    "default_capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}],
}
MUTANTS = (
    Mutant("no Spot", put(PROVIDERS, "capacity_providers", ["FARGATE"]), at=PROVIDERS),
    Mutant("instances beside Fargate", append(PROVIDERS, "capacity_providers", "asg"), at=PROVIDERS),
    Mutant("no list of providers", drop(PROVIDERS, "capacity_providers"), at=PROVIDERS),
    Mutant("associated with another cluster", put(PROVIDERS, "cluster_name", "someone-elses"), at=CLUSTER),
    Mutant(
        "one more, of somebody else's cluster",
        add(f"{ASSOCIATION}.second", {**SECOND, "cluster_name": "someone-elses"}),
        at=f"{ASSOCIATION}.second",
    ),
    Mutant("two associations of one cluster", add(f"{ASSOCIATION}.second", SECOND), at=CLUSTER),
    Mutant(
        "a second cluster without providers",
        add(
            "aws_ecs_cluster.second",
            {
                "name": "ecs-cluster-second-production-pr42",
                "setting": [{"name": "containerInsights", "value": "enabled"}],
            },
        ),
        at="aws_ecs_cluster.second",
        also=("container-insights-log-group",),
    ),
)
