"""Load balancers, listeners, rules and target groups, under both names that the provider gives to each type."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.values import Values

LOAD_BALANCERS = ("aws_lb", "aws_alb")
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
LISTENER_RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")
TARGET_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")


def is_public(load_balancer: Resource) -> bool:
    """Whether it faces the internet, as it does unless told otherwise."""
    return not load_balancer.boolean("internal", False)


def load_balancer_of(listener: Resource, graph: Graph) -> Resource:
    """The load balancer that a listener belongs to."""
    return graph.target_of(listener, "load_balancer_arn", *LOAD_BALANCERS)


def forwarded_to(action: Values, graph: Graph) -> tuple[Resource, ...]:
    """The target groups that an action sends requests to, by either form of forwarding."""
    found: dict[str, Resource] = {}
    for path in ("target_group_arn", "forward.target_group.arn"):
        for target in graph.targets_of(action, path, *TARGET_GROUPS):
            found[target.address] = target
    return tuple(found.values())


def forwarders(group: Resource, graph: Graph) -> Iterator[tuple[Resource, Resource]]:
    """Who forwards to a target group, a rule or a listener by default, each with the load balancer it belongs to."""
    for kinds, action in ((LISTENER_RULES, "action"), (LISTENERS, "default_action")):
        found = {
            item.address: item
            for kind in kinds
            for path in ("target_group_arn", "forward.target_group.arn")
            for item in graph.referrers(group, kind, f"{action}.{path}")
        }
        for item in found.values():
            listeners = graph.targets_of(item, "listener_arn", *LISTENERS) if kinds is LISTENER_RULES else (item,)
            yield from ((item, load_balancer_of(listener, graph)) for listener in listeners)


@dataclass(frozen=True, eq=False)
class Registration:
    """A service that registers its tasks in a target group. place: the block that says so."""

    service: Resource
    place: Values


def registrations(target_group: Resource, graph: Graph) -> tuple[Registration, ...]:
    """Who registers tasks in a target group."""
    return tuple(graph.once(_registrations).get(target_group.address, ()))


def _registrations(graph: Graph) -> dict[str, list[Registration]]:
    index: dict[str, list[Registration]] = {}
    for kind in ("aws_ecs_service", "aws_ecs_task_set"):
        for item in graph.of_type(kind):
            for block in item.blocks("load_balancer"):
                for target in _target_groups(block, graph):
                    index.setdefault(target.address, []).append(Registration(item, block))
    return index


def _target_groups(block: Values, graph: Graph) -> Iterator[Resource]:
    for path in ("target_group_arn", "advanced_configuration.alternate_target_group_arn"):
        yield from graph.targets_of(block, path, *TARGET_GROUPS)
