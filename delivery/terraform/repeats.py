"""What a state says twice: rules, routes and policies that have a resource of their own, repeated inside another. Pure.

The provider fills such attributes with what AWS answers. A plan takes them over from the state even where it removes
the separate resource, and right after an apply they lag one refresh behind.
The provider's pages of aws_security_group, aws_route_table and aws_iam_role advise against saying both.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.roles import attached_to
from policies.graph.routing import KIND as ROUTE_TABLE
from policies.graph.routing import routes_of
from policies.graph.security_groups import EGRESS, INGRESS, group_rules
from policies.graph.state import load_shown_state
from policies.graph.vpc_defaults import ROUTE_TABLE as DEFAULT_ROUTE_TABLE
from policies.graph.vpc_defaults import SECURITY_GROUP

SHOWN = Path("plan")  # what messages call the document
Place = tuple[str, str]  # address, attribute


def repeated(graph: Graph) -> dict[Place, frozenset[int]]:
    """The items of list attributes that separate resources account for, by index. ReadError where that is unclear."""
    found: dict[Place, frozenset[int]] = {}
    for (kind, attribute), read in _REPEATS.items():
        for item in graph.of_type(kind):
            found[item.address, attribute] = frozenset(read(item, attribute, graph))
    return found


def repeating_attributes(kind: str) -> tuple[str, ...]:
    """The attributes of a type that the provider fills with what separate resources say."""
    return tuple(attribute for each, attribute in _REPEATS if each == kind)


def stated(shown: Mapping[str, Any], address: str, attribute: str) -> bool:
    """Whether the configuration of a shown plan writes the attribute: then it is no mere repetition."""
    resources = shown.get("configuration", {}).get("root_module", {}).get("resources", [])
    return any(item.get("address") == address and attribute in item.get("expressions", {}) for item in resources)


def without_repeats(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A shown plan that says nothing twice, neither of now nor of after: it would carry a rule on that it deletes.

    GateError where the state before cannot be read.
    """
    prior = (shown.get("prior_state") or {}).get("values") or {}
    held = {item.get("address"): item.get("values") or {} for item in resources_in(prior)}
    twice = [
        (address, attribute, [held[address][attribute][index] for index in indexes])
        for (address, attribute), indexes in repeated(load_shown_state({"values": prior}, SHOWN, None)).items()
        if indexes and not stated(shown, address, attribute)
    ]
    if not twice:
        return dict(shown)
    before = {**shown["prior_state"], "values": _without(prior, twice)}
    return {**shown, "prior_state": before, "planned_values": _without(shown["planned_values"], twice)}


def resources_in(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of shown `values`, those of modules included."""
    pending = [values.get("root_module") or {}]
    while pending:
        module = pending.pop()
        yield from module.get("resources", [])
        pending.extend(module.get("child_modules", []))


def _without(values: Mapping[str, Any], said: list[tuple[str, str, list[Any]]]) -> dict[str, Any]:
    """A copy without the items that stand elsewhere."""
    left = copy.deepcopy(dict(values))
    held = {item.get("address"): item.get("values") or {} for item in resources_in(left)}
    for address, attribute, items in said:
        values_of = held.get(address, {})
        if isinstance(values_of.get(attribute), list):
            values_of[attribute] = [item for item in values_of[attribute] if item not in items]
    return left


def _rules(group: Resource, attribute: str, graph: Graph) -> Iterator[int]:
    """`group_rules` leaves out what separate rules say already."""
    own = {rule.place.where() for rule in group_rules(graph).get(group.address, ()) if rule.place.resource is group}
    yield from (index for index, block in enumerate(group.blocks(attribute)) if block.where() not in own)


def _routes(table: Resource, attribute: str, graph: Graph) -> Iterator[int]:
    own = {route.place.where() for route in routes_of(table.address, graph) if route.place.resource is table}
    yield from (index for index, block in enumerate(table.blocks(attribute)) if block.where() not in own)


def _inline_policies(role: Resource, attribute: str, graph: Graph) -> Iterator[int]:
    separate = [
        (item.get("name"), _document(item.get("policy")))
        for item in graph.referrers(role, "aws_iam_role_policy", "role")
    ]
    for index, block in enumerate(role.blocks(attribute)):
        if (block.get("name"), _document(block.get("policy"))) in separate:
            yield index


def _attached_policies(role: Resource, attribute: str, graph: Graph) -> Iterator[int]:
    separate = {value for place, path in attached_to(role, graph) if place is not role for value in place.spread(path)}
    yield from (index for index, arn in enumerate(role.items(attribute)) if arn in separate)


def _document(policy: Any) -> Any:
    try:
        return json.loads(policy)
    except (TypeError, ValueError):
        return policy


_REPEATS: Mapping[tuple[str, str], Callable[[Resource, str, Graph], Iterator[int]]] = {
    **{(kind, way): _rules for kind in ("aws_security_group", SECURITY_GROUP.managed_by) for way in (INGRESS, EGRESS)},
    **{(kind, "route"): _routes for kind in (ROUTE_TABLE, DEFAULT_ROUTE_TABLE.managed_by)},
    ("aws_iam_role", "inline_policy"): _inline_policies,
    ("aws_iam_role", "managed_policy_arns"): _attached_policies,
}
