"""What the two listener rules of a blue/green rollout have in common: they forward to both of its groups."""

from collections import Counter
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import TARGET_GROUPS
from policies.graph.values import Block
from policies.rule import Finding, finding

TARGETS = "forward.target_group"


def weights_of(rule: Resource, graph: Graph) -> dict[str, float]:
    """Address of a target group -> its weight, 1 unless stated; of all forward actions together."""
    found: Counter[str] = Counter()
    for block in _targets(rule):
        found[graph.target_of(block, "arn", *TARGET_GROUPS).address] += block.number("weight", 1) or 0  # type: ignore[assignment]
    return dict(found)


def forwards_to_both(rule: Resource, groups: tuple[Resource, ...], graph: Graph) -> Iterator[Finding]:
    """Findings for a rule that does not forward, by weights alone, to exactly these groups."""
    kinds = [action.text("type") for action in rule.blocks("action")]
    if kinds != ["forward"]:
        yield finding(rule, "action", kinds, "one forward action")
    expected = sorted({group.address for group in groups})
    found = sorted(graph.target_of(block, "arn", *TARGET_GROUPS).address for block in _targets(rule))
    if found != expected:
        yield finding(rule, f"action[0].{TARGETS}", found, f"{expected}, each once, with a weight")
    for action in rule.blocks("action"):
        if action.boolean("forward.stickiness.enabled", False):
            yield finding(action, "forward.stickiness.enabled", True, "weights that hold for every request")


def _targets(rule: Resource) -> Iterator[Block]:
    for action in rule.blocks("action"):
        for forward in action.blocks("forward"):
            yield from forward.blocks("target_group")
