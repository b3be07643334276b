"""Images and plans for the tests of the gate."""

import json
from typing import Any

from delivery.scan.images import Image

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
DIGESTS = {letter: f"sha256:{letter * 64}" for letter in "abcdef"}


def image(letter: str, repository: str = "pay/api") -> Image:
    return Image(f"{REGISTRY}/{repository}@{DIGESTS[letter]}", (f"{letter} / main",))


def plan_of(**tasks: list[str]) -> dict[str, Any]:
    """A plan that runs these images: one task definition per name, its containers `main`, `c1`, ..."""
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [shown(name, images) for name, images in tasks.items()]}},
        "resource_changes": [],
        "configuration": {"root_module": {}},
    }


def shown(name: str, images: list[str], **values: Any) -> dict[str, Any]:
    containers = [{"name": f"c{number}" if number else "main", "image": text} for number, text in enumerate(images)]
    return {
        "address": f"aws_ecs_task_definition.{name}",
        "mode": "managed",
        "type": "aws_ecs_task_definition",
        "name": name,
        "values": {"container_definitions": json.dumps(containers), **values},
    }
