"""What belongs to an ECS service: its cluster, its capacity strategy, its target groups and its scaling."""

from collections import defaultdict

from policies.graph.failures import UnresolvedError
from policies.graph.graph import Graph
from policies.graph.load_balancing import TARGET_GROUPS
from policies.graph.resource import Resource
from policies.graph.values import Block, Values

SERVICE = "aws_ecs_service"
SCALING_TARGET = "aws_appautoscaling_target"
SCALING_POLICY = "aws_appautoscaling_policy"
TASK_COUNT = "ecs:service:DesiredCount"
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html (checked 2026-11-22)
MOST_TASKS = 5000  # of one service
TARGET_GROUP_PATHS = (
    "load_balancer.target_group_arn",
    "load_balancer.advanced_configuration.alternate_target_group_arn",
)


def cluster_name_of(service: Resource, graph: Graph) -> str:
    """The name of the cluster that a service runs in; a service that names none runs in `default`."""
    if not service.has("cluster"):
        return "default"
    cluster = cluster_of(service, graph)
    if cluster is not None and (name := cluster.text("name")):
        return name
    return (service.text("cluster") or "").rpartition("/")[2]


def cluster_of(service: Resource, graph: Graph) -> Resource | None:
    """The cluster, when it is of this stack."""
    try:
        found = graph.lookup(service.get("cluster"), "aws_ecs_cluster")
    except UnresolvedError as failure:
        raise service.unresolved("cluster", failure.found, failure.expected) from failure
    return found[0] if found else None


def resource_id_of(service: Resource, graph: Graph) -> str:
    """What Application Auto Scaling calls the service: `service/<cluster>/<service>`."""
    return f"service/{cluster_name_of(service, graph)}/{service.text('name')}"


def scaling_targets_of(service: Resource, graph: Graph) -> tuple[Resource, ...]:
    """The scaling targets that are attached to the service's task count."""
    return tuple(graph.once(_targets_by_resource_id).get(resource_id_of(service, graph), ()))


def task_counts(service: Resource, graph: Graph, low: int, high: int) -> range:
    """Every task count that scaling may reach; from `low` to `high` where the service has no scaling target.

    MalformedError for a count that no service can have.
    """
    targets = scaling_targets_of(service, graph)
    lows = [whole(target, "min_capacity", low, MOST_TASKS) for target in targets]
    highs = [whole(target, "max_capacity", high, MOST_TASKS) for target in targets]
    first = max(1, min(lows, default=low))
    return range(first, max(first, max(highs, default=high)) + 1)


def whole(place: Values, path: str, default: int, most: int) -> int:
    """A whole number from 0 to `most`; MalformedError for any other."""
    number = place.number(path, default)
    if number is None or not 0 <= number <= most or number != int(number):
        raise place.malformed(path, number, f"a whole number from 0 to {most}")
    return int(number)


def scaling_policies_of(service: Resource, graph: Graph) -> tuple[Resource, ...]:
    """The scaling policies, of any kind, that act on the service's task count."""
    return tuple(graph.once(_policies_by_resource_id).get(resource_id_of(service, graph), ()))


def scaling_orphans(graph: Graph, kind: str) -> tuple[Resource, ...]:
    """Resources of a scaling type that are attached to no service of this stack."""
    known = {resource_id_of(service, graph) for service in graph.of_type(SERVICE)}
    return tuple(item for item in graph.of_type(kind) if item.text("resource_id") not in known)


def _targets_by_resource_id(graph: Graph) -> dict[str | None, list[Resource]]:
    return _by_resource_id(graph, SCALING_TARGET)


def _policies_by_resource_id(graph: Graph) -> dict[str | None, list[Resource]]:
    return _by_resource_id(graph, SCALING_POLICY)


def _by_resource_id(graph: Graph, kind: str) -> dict[str | None, list[Resource]]:
    index: defaultdict[str | None, list[Resource]] = defaultdict(list)
    for item in graph.of_type(kind):
        index[item.text("resource_id")].append(item)
    return dict(index)


def default_strategies_of(service: Resource, graph: Graph) -> tuple[Block, ...]:
    """The default strategy of the service's cluster, as its association with capacity providers states it."""
    cluster = cluster_of(service, graph)
    if cluster is None:
        return ()
    found = graph.referrers(cluster, "aws_ecs_cluster_capacity_providers", "cluster_name")
    return tuple(block for item in found for block in item.blocks("default_capacity_provider_strategy"))


def target_groups_of(service: Resource, graph: Graph) -> tuple[Resource, ...]:
    """The target groups that the service registers its tasks with."""
    found = {
        item.address: item for path in TARGET_GROUP_PATHS for item in graph.targets_of(service, path, *TARGET_GROUPS)
    }
    return tuple(found.values())


def deployment_strategy_of(service: Resource) -> str:
    """ROLLING, BLUE_GREEN, LINEAR or CANARY."""
    return service.text("deployment_configuration.strategy", "ROLLING") or "ROLLING"


def is_rolling(service: Resource) -> bool:
    """Whether a new version replaces the old one task by task, as it does unless told otherwise."""
    return deployment_strategy_of(service) == "ROLLING"
