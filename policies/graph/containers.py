"""The containers of a task definition, decoded, as blocks that know their place in it."""

from policies.graph.decode import decode
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.values import Block

PARTS_OF_A_SECRET_ARN = 7  # arn:partition:secretsmanager:region:account:secret:NAME-RANDOM


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


def secret_named_by(value_from: str) -> str:
    """What a `valueFrom` names: of a full secret ARN the part before JSON key, stage and version, else all of it.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html (2026-11-26)
    """
    parts = value_from.split(":")
    is_secret = value_from.startswith("arn:") and parts[2:3] == ["secretsmanager"]
    return ":".join(parts[:PARTS_OF_A_SECRET_ARN]) if is_secret else value_from
