"""A policy statement in the form in which two of them can be compared, and shown. Pure.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html.
The order of lists means nothing. Upper and lower case of an action do not either, but whoever changes them is shown.
"""

from dataclasses import dataclass, field

from delivery.changes.names import Names
from policies.graph import Graph
from policies.graph.iam import Principal
from policies.graph.iam import Statement as Written

PERMISSIONS, TRUST, BOUNDARY, ATTACHED = "permissions", "trust", "boundary", "attached policy"
RESOURCE = "policy"


@dataclass(frozen=True, order=True)
class Statement:
    """part: which policy it stands in; the Sid is a name and no part of what is said.

    An entry that begins with `all but ` stands for NotAction, NotResource and NotPrincipal.
    """

    part: str
    effect: str
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    sid: str = field(default="", compare=False)

    def comparable_to(self, other: "Statement") -> bool:
        """Whether one can be the other, changed."""
        return (self.part, self.effect) == (other.part, other.effect)


def normalized(statement: Written, part: str, names: Names, graph: Graph) -> Statement:
    """Lists sorted and without repeats, resources by their addresses."""

    def named(texts: tuple[str, ...], prefix: str = "") -> list[str]:
        return [prefix + names.of(text, graph) for text in texts]

    actions = [*statement.actions, *(f"all but {action}" for action in statement.not_actions)]
    principals = [_who(one, names, graph) for one in statement.principals]
    principals += [f"all but {_who(one, names, graph)}" for one in statement.not_principals]
    conditions = [
        f"{one.operator} {one.key} {', '.join(sorted(set(named(one.values))))}" for one in statement.conditions
    ]
    return Statement(
        part=part,
        effect=statement.effect,
        actions=_sorted(actions),
        resources=_sorted([*named(statement.resources), *named(statement.not_resources, "all but ")]),
        principals=_sorted(principals),
        conditions=_sorted(conditions),
        sid=statement.sid,
    )


def _who(principal: Principal, names: Names, graph: Graph) -> str:
    """`*` and `{"AWS": "*"}` mean the same."""
    return "anybody" if principal.value == "*" else f"{principal.kind} {names.of(principal.value, graph)}"


def _sorted(texts: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))
