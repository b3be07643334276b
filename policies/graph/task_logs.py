"""The log groups that the containers of a task write to."""

from collections.abc import Iterator

from policies.graph.containers import containers
from policies.graph.graph import Graph
from policies.graph.resource import Resource

GROUP = "logConfiguration.options.awslogs-group"
STREAM_PREFIX = "logConfiguration.options.awslogs-stream-prefix"


def log_groups_of(task_definition: Resource, graph: Graph) -> Iterator[tuple[Resource, str]]:
    """Each container's log group with its stream prefix; containers that log in another way are left out."""
    for container in containers(task_definition):
        if container.text("logConfiguration.logDriver") == "awslogs" and container.has(GROUP):
            group = graph.target_of(container, GROUP, "aws_cloudwatch_log_group")
            yield group, container.text(STREAM_PREFIX, "") or ""
