"""What a role is allowed to do, through every way that a policy reaches it."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from policies.graph.arns import spelled_out
from policies.graph.graph import Graph
from policies.graph.iam import Statement
from policies.graph.policies import IDENTITY, actions_in, policies_of
from policies.graph.resource import Resource
from policies.graph.values import Values

# Where policies are attached by ARN: type -> (attribute that names roles, attribute that names policies).
ATTACHMENTS = {
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}


def statements_of(role: Resource, graph: Graph) -> tuple[Statement, ...]:
    """Every statement of this stack that applies to the role; what is attached from elsewhere cannot be seen."""
    return tuple(item for carrier in _carriers(role, graph) for item in _identity_statements(carrier, graph))


def attached_to(role: Resource, graph: Graph) -> Iterator[tuple[Values, str]]:
    """Each place that attaches policies to the role by ARN, as (resource, attribute)."""
    if role.has("managed_policy_arns"):
        yield role, "managed_policy_arns"
    for kind, (roles, arns) in ATTACHMENTS.items():
        yield from ((item, arns) for item in graph.referrers(role, kind, roles))


def allows(statement: Statement, action: str) -> bool:
    """Whether the statement grants an action by name, and without a condition that might not hold."""
    named = {item.lower() for item in actions_in(statement)}
    return statement.allows and not statement.conditions and action.lower() in named


def resources_of(statement: Statement, graph: Graph) -> tuple[str, ...]:
    """The statement's resources, spelled out."""
    return tuple(spelled_out(statement.place, "Resource", text, graph) for text in statement.resources)


def _carriers(role: Resource, graph: Graph) -> Iterator[Resource]:
    yield role
    yield from graph.referrers(role, "aws_iam_role_policy", "role")
    seen: set[str] = set()
    for place, path in attached_to(role, graph):
        for value in place.spread(path):
            for policy in graph.lookup(value, "aws_iam_policy"):
                if policy.address not in seen:
                    seen.add(policy.address)
                    yield policy


def _identity_statements(carrier: Resource, graph: Graph) -> Iterator[Statement]:
    for policy in policies_of(carrier, graph):
        if policy.form == IDENTITY:
            yield from policy.statements


def role_of(place: Values, path: str, graph: Graph) -> Resource | None:
    """The role that an attribute names; None when it names none. UnresolvedError for a role of somebody else."""
    return graph.target_of(place, path, "aws_iam_role") if place.has(path) else None


def takes_away(statement: Statement, actions: tuple[str, ...]) -> str:
    """The first of the actions that a Deny without conditions forbids, "" for none."""
    if statement.allows or statement.conditions:
        return ""
    patterns = [item.lower() for item in actions_in(statement)]
    excepted = [item.lower() for item in statement.not_actions]
    for action in actions:
        if _matches(action, patterns) or (excepted and not _matches(action, excepted)):
            return action
    return ""


def _matches(action: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(action.lower(), pattern) for pattern in patterns)
