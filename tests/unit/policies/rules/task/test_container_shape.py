"""The keys of a container definition are those of the ECS API, as the installed SDK describes it."""

from typing import Any

from botocore.loaders import Loader

from policies.rules.task._container_shape import SHAPE


def keys_of(shapes: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The keys of a shape, nested, lists left out; None for what has no keys of its own."""
    shape = shapes[name]
    if shape["type"] == "list":
        return keys_of(shapes, shape["member"]["shape"])
    if shape["type"] != "structure":
        return None
    return {key: keys_of(shapes, member["shape"]) for key, member in shape["members"].items()}


def test_the_shape_is_that_of_the_api() -> None:
    shapes = Loader().load_service_model("ecs", "service-2")["shapes"]
    assert keys_of(shapes, "ContainerDefinition") == SHAPE
