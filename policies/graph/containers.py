"""The containers of a task definition, decoded, as blocks that know their place in it."""

from policies.graph.decode import decode
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.values import Block


def containers(task_definition: Resource) -> tuple[Block, ...]:
    """One block per container, with the accessors of a resource: `container.number("healthCheck.retries")`.

    MalformedError when the definitions are absent, empty or no list: a task without containers cannot be judged.
    """
    decoded = decode(task_definition, "container_definitions")
    if not isinstance(decoded, list) or not decoded:
        raise task_definition.malformed("container_definitions", decoded, "a list of at least one container")
    blocks = []
    for index, item in enumerate(decoded):
        path = f"container_definitions[{index}]"
        if not isinstance(item, dict):
            raise task_definition.malformed(path, item, "a container definition")
        blocks.append(Block(task_definition, item, path))
    return tuple(blocks)


def task_definition_of(service: Resource, graph: Graph) -> Resource:
    """The task definition that a service runs."""
    return graph.target_of(service, "task_definition", "aws_ecs_task_definition")
