"""Each run first proves that it can turn red: a violation is planted beside the loaded resources and must be found.

It goes the whole way of a real one: graph, engine, verdict. A gate that does not see it judges nothing.
"""

from collections.abc import Callable

from policies.errors import GateError
from policies.graph import Graph, Resource
from policies.verdict import Verdict

SEEDED_RULE = "container-insights"
_KIND, _NAME = "aws_ecs_cluster", "paygate-seeded-violation"
SEEDED_ADDRESS = f"{_KIND}.{_NAME}"
_VALUES = {"name": _NAME, "setting": [{"name": "containerInsights", "value": "disabled"}]}


def prove_red(graph: Graph, judge: Callable[[Graph], Verdict]) -> None:
    """GateError unless `judge`, given the graph and one seeded violation, finds it and gives a red verdict."""
    verdict = judge(seeded(graph))
    found = [item for item in verdict.unwaived if item.finding.address == SEEDED_ADDRESS]
    if verdict.exit_code == 0 or not any(item.rule.id == SEEDED_RULE for item in found):
        raise GateError(
            "the gate did not notice a violation that was planted to test it",
            SEEDED_ADDRESS,
            found=f"verdict {verdict.word}",
            remedy=f"Rule {SEEDED_RULE} or the engine is broken; no verdict of this run would mean anything.",
        )


def seeded(graph: Graph) -> Graph:
    """The graph with one resource more: a cluster without Container Insights."""
    planted = Resource(SEEDED_ADDRESS, "resource", _KIND, _NAME, _VALUES, graph.scope)
    return Graph(
        (*graph.resources.values(), planted),
        graph.scope,
        source=graph.source,
        kind=graph.kind,
        stack=graph.stack,
        providers=graph.providers,
        settings=graph.settings,
    )
