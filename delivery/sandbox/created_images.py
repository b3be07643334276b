"""Images that a stack runs: from which repository block each comes, and those of repositories that it creates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from delivery.errors import UserError
from delivery.sandbox.stack_json import Seeded, blocks, literal, provider

# `${data.aws_ecr_repository.NAME.repository_url}`, a created one without `data.`, and then a digest or a tag.
IMAGE = re.compile(
    r"\$\{(data\.)?aws_ecr_repository\.([\w-]+)\.repository_url\}(@sha256:[0-9a-f]{64}|:\w[\w.-]{0,127})"
)


@dataclass(frozen=True)
class CreatedImage:
    """An image, `@sha256:DIGEST` or `:TAG`, in a repository that the emulator has already.

    scan: what ECR answers about its scan, one answer after the other, the last one for good; () for an image that was
    never scanned, None for one whose scan found nothing. An answer has a `status`, perhaps a `description`, and beside
    them the fields of `imageScanFindings` where there is a result.
    """

    KIND: ClassVar = "ecr-image"
    region: str
    repository: str
    image: str
    scan: tuple[Mapping[str, Any], ...] | None = None

    @property
    def seeded(self) -> tuple[Seeded, ...]:
        return (Seeded("ecr", "image", f"{self.repository}{self.image}"),)


def read_created_images(config: Mapping[str, Any]) -> list[CreatedImage]:
    """The images run from repositories that the configuration creates. UserError for a name that is not literal."""
    created = dict(blocks(config, "resource", "aws_ecr_repository"))
    if not created:
        return []
    region, _ = provider(config)
    return [
        CreatedImage(region, _name(label, block), image)
        for label, block in created.items()
        for image in images_run_from(config, "", label)
    ]


def images_run_from(config: Mapping[str, Any], data: str, label: str) -> tuple[str, ...]:
    """The images, each once, that containers run from one repository block; data: "data." for a data source."""
    definitions = (block for _, block in blocks(config, "resource", "aws_ecs_task_definition"))
    found = [image for block in definitions for image in IMAGE.findall(str(block.get("container_definitions", "")))]
    return tuple(dict.fromkeys(image for kind, name, image in found if (kind, name) == (data, label)))


def _name(label: str, block: Mapping[str, Any]) -> str:
    name = block.get("name")
    if not literal(name):
        raise UserError(
            "the name of a created repository is needed to put its images into it",
            where=f"aws_ecr_repository.{label}.name",
            found=repr(name),
            allowed="a literal",
        )
    return str(name)
