"""The log group that Container Insights writes to is declared, so that its retention is."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-insights-log-group",
    title="ECS cluster has the log group of its Container Insights declared in the stack",
    severity=Severity.LOW,
    clauses=("P.6.3", "G.3.4"),
    pci_dss=(),
    rationale="AWS makes the group by itself otherwise: it never expires, carries no tags and survives a destroy.",
    remediation="Declare an aws_cloudwatch_log_group named /aws/ecs/containerinsights/<cluster>/performance.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html",
        "2026-11-22",
    ),
    applies_to=("aws_ecs_cluster",),
)

GROUP = "aws_cloudwatch_log_group"


def check_each(cluster: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per cluster whose group is not declared."""
    expected = f"/aws/ecs/containerinsights/{cluster.text('name')}/performance"
    if expected not in graph.once(_names):
        yield finding(cluster, "name", None, f"a log group {expected}")


def _names(graph: Graph) -> frozenset[str | None]:
    return frozenset(group.text("name") for group in graph.of_type(GROUP))


CLUSTER, INSIGHTS = "aws_ecs_cluster.main", f"{GROUP}.container-insights"
MUTANTS = (
    Mutant("not declared", drop(INSIGHTS), at=CLUSTER),
    Mutant(
        "of another cluster",
        put(INSIGHTS, "name", "/aws/ecs/containerinsights/ecs-cluster-production-pr43/performance"),
        at=CLUSTER,
        also=("name-pattern", "name-suffix"),
    ),
)
