"""What a plan lets roles do, and lets be done to resources, that was not allowed before, and the other way round. Pure.

Statements are compared by what they say: order, form (one action or a list of one), Sid and the policy that carries
them make no difference. Resources go by their addresses, so that one that is not known yet is
the one it replaces.
Policies that AWS or somebody else keeps go by their ARN alone: what they say cannot be seen from here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from delivery.changes.names import Names
from delivery.changes.statements import ATTACHED, BOUNDARY, PERMISSIONS, RESOURCE, TRUST, Statement, normalized
from policies.graph import Graph, ReadError, Resource
from policies.graph.iam import IDENTITY_POLICIES
from policies.graph.policies import IDENTITY, policies_of
from policies.graph.policies import RESOURCE as RESOURCE_FORM
from policies.graph.policies import TRUST as TRUST_FORM
from policies.graph.roles import attached_to

ROLE = "aws_iam_role"
CREATED, DESTROYED, CHANGED = "created", "destroyed", "changed"


@dataclass(frozen=True)
class PermissionChange:
    """Of a role, or of a resource that carries a policy.

    changed: pairs of (before, after) that speak of the same thing; problem: why the rest cannot be told, if so."""

    address: str
    what: str
    gained: tuple[Statement, ...] = ()
    lost: tuple[Statement, ...] = ()
    changed: tuple[tuple[Statement, Statement], ...] = ()
    problem: str = ""


def identity_changes(before: Graph, after: Graph) -> tuple[PermissionChange, ...]:
    """The roles and other carriers of policies whose statements differ, by address."""
    names = Names(before, after)
    addresses = {item.address for graph in (before, after) for item in _carriers(graph)}
    found = (_change(address, before, after, names) for address in sorted(addresses))
    return tuple(change for change in found if change)


def _carriers(graph: Graph) -> Iterator[Resource]:
    """Roles, and what carries a policy for others; a policy that cannot be read counts as one."""
    for item in graph.resources.values():
        try:
            if item.kind == ROLE or any(policy.form == RESOURCE_FORM for policy in policies_of(item, graph)):
                yield item
        except ReadError:
            if item.type not in IDENTITY_POLICIES:  # the role it is for says so
                yield item


def _change(address: str, before: Graph, after: Graph, names: Names) -> PermissionChange | None:
    old, new = before.resources.get(address), after.resources.get(address)
    what = CHANGED if old and new else CREATED if new else DESTROYED
    try:
        had = frozenset(_statements(old, before, names)) if old else frozenset()
        has = frozenset(_statements(new, after, names)) if new else frozenset()
    except ReadError as failure:
        return PermissionChange(address, what, problem=str(failure))
    if had == has and (what == CHANGED or not has):
        return None
    pairs = tuple(_pairs(sorted(had - has), sorted(has - had)))
    paired = {id(statement) for pair in pairs for statement in pair}
    gained, lost = (tuple(one for one in sorted(side) if id(one) not in paired) for side in (has - had, had - has))
    return PermissionChange(address, what, gained, lost, pairs)


def _statements(carrier: Resource, graph: Graph, names: Names) -> Iterator[Statement]:
    if carrier.kind == ROLE:
        yield from _statements_of_role(carrier, graph, names)
    yield from _of(carrier, graph, names, RESOURCE_FORM, RESOURCE)


def _statements_of_role(role: Resource, graph: Graph, names: Names) -> Iterator[Statement]:
    yield from _of(role, graph, names, TRUST_FORM, TRUST)
    for carrier in (role, *graph.referrers(role, "aws_iam_role_policy", "role")):
        yield from _of(carrier, graph, names, IDENTITY, PERMISSIONS)
    for place, path in attached_to(role, graph):
        for value in place.spread(path):
            yield from _behind(str(value), graph, names, PERMISSIONS, ATTACHED)
    if role.has("permissions_boundary"):
        yield from _behind(str(role.get("permissions_boundary")), graph, names, BOUNDARY, BOUNDARY)


def _behind(arn: str, graph: Graph, names: Names, part: str, otherwise: str) -> Iterator[Statement]:
    """The statements of a policy of this stack; of any other policy one that only names it."""
    policies = graph.lookup(arn, "aws_iam_policy")
    for policy in policies:
        yield from _of(policy, graph, names, IDENTITY, part)
    if not policies:
        yield Statement(otherwise, "Allow", ("whatever the policy says",), (names.of(arn, graph),))


def _of(carrier: Resource, graph: Graph, names: Names, form: str, part: str) -> Iterator[Statement]:
    for policy in policies_of(carrier, graph):
        if policy.form == form:
            yield from (normalized(statement, part, names, graph) for statement in policy.statements)


def _pairs(lost: Iterable[Statement], gained: Iterable[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """What was lost and gained and speaks of the same: by its Sid, its resources, or its actions."""
    left = list(gained)
    for old in lost:
        for likeness in (_same_sid, _same_resources, _same_actions):
            new = next((one for one in left if one.comparable_to(old) and likeness(old, one)), None)
            if new:
                left.remove(new)
                yield old, new
                break


def _same_sid(one: Statement, other: Statement) -> bool:
    return bool(one.sid) and one.sid == other.sid


def _same_resources(one: Statement, other: Statement) -> bool:
    return (one.resources, one.principals) == (other.resources, other.principals)


def _same_actions(one: Statement, other: Statement) -> bool:
    return one.actions == other.actions
