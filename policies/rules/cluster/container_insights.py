"""Container Insights is on for every cluster."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, append, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="container-insights",
    title="ECS cluster has Container Insights switched on",
    severity=Severity.MEDIUM,
    clauses=("P.1.4", "G.1.3"),
    pci_dss=("10.2.1",),
    rationale="Without it nobody sees which task restarted, ran out of memory or fell behind.",
    remediation='Give the cluster a setting block with name "containerInsights" and value "enabled" or "enhanced".',
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterSetting.html", "2026-11-22"),
    applies_to=("aws_ecs_cluster",),
    baseline=True,
)

ON = ("enabled", "enhanced")


def check_each(cluster: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per cluster whose setting is absent or off."""
    allowed = tuple(spec.get("container_insights")) if spec.states("container_insights") else ON
    values = [block.text("value") for block in cluster.blocks("setting") if block.text("name") == "containerInsights"]
    if not values or any(value not in allowed for value in values):
        yield finding(cluster, "setting", values or None, allowed)


CLUSTER = "aws_ecs_cluster.main"
MUTANTS = (
    Mutant("off", put(CLUSTER, "setting[0].value", "disabled"), at=CLUSTER),
    Mutant("no setting", drop(CLUSTER, "setting"), at=CLUSTER),
    Mutant("a setting of another name", put(CLUSTER, "setting[0].name", "ContainerInsights"), at=CLUSTER),
    Mutant(
        "on and off again", append(CLUSTER, "setting", {"name": "containerInsights", "value": "disabled"}), at=CLUSTER
    ),
    Mutant(
        "off, as a single block", put(CLUSTER, "setting", {"name": "containerInsights", "value": "off"}), at=CLUSTER
    ),
)
