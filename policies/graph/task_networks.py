"""Where tasks run: every place in a stack that gives ECS tasks their subnets, groups and public addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.routing import SUBNET
from policies.graph.values import Values

# type -> path of the block with subnets, security_groups and assign_public_ip
_BLOCKS = {
    "aws_ecs_service": "network_configuration",
    "aws_ecs_task_set": "network_configuration",
    "aws_cloudwatch_event_target": "ecs_target.network_configuration",
    "aws_scheduler_schedule": "target.ecs_parameters.network_configuration",
    "aws_pipes_pipe": "target_parameters.ecs_task_parameters.network_configuration.aws_vpc_configuration",
    "data.aws_ecs_task_execution": "network_configuration",
}
SERVICE = "aws_ecs_service"
TASKS = tuple(_BLOCKS)


@dataclass(frozen=True, eq=False)
class TaskNetwork:
    """owner: the service or schedule; place: its network block, None where a service has none."""

    owner: Resource
    place: Values | None

    def subnets(self, graph: Graph) -> tuple[Resource, ...]:
        """The subnets, at least one."""
        if self.place is None or not (found := graph.targets_of(self.place, "subnets", SUBNET)):
            raise (self.place or self.owner).malformed("subnets", None, "at least one subnet")
        return found

    @property
    def public_ip(self) -> bool:
        """Whether tasks get a public IPv4 address; AWS gives none unless asked."""
        if self.place is None:
            return False
        asked = self.place.get("assign_public_ip")
        if asked in ("ENABLED", "DISABLED"):  # as EventBridge Pipes write it
            return bool(asked == "ENABLED")
        return bool(self.place.boolean("assign_public_ip", False))


def task_networks(graph: Graph) -> tuple[TaskNetwork, ...]:
    """One per place that runs tasks. A service without the block runs its tasks in the network of a host."""
    return graph.once(_task_networks)


def task_subnets(graph: Graph) -> frozenset[str]:
    """The addresses of all subnets that tasks run in."""
    return graph.once(_task_subnets)


def networks_of(item: Resource) -> Iterator[TaskNetwork]:
    """Those of one resource."""
    blocks = item.blocks(_BLOCKS[item.kind])
    if not blocks and item.kind == SERVICE:
        yield TaskNetwork(item, None)
    for block in blocks:
        yield TaskNetwork(item, block)


def _task_networks(graph: Graph) -> tuple[TaskNetwork, ...]:
    return tuple(found for kind in TASKS for item in graph.of_type(kind) for found in networks_of(item))


def _task_subnets(graph: Graph) -> frozenset[str]:
    return frozenset(
        subnet.address for network in task_networks(graph) if network.place for subnet in network.subnets(graph)
    )
