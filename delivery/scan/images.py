"""The images that a plan is about to run. Pure.

A plan shows the containers as they will be registered. Where something else in them is known only after the apply (the
ARN of a secret that does not exist yet), they are read as they are written and the image alone has to be known.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from delivery.errors import UserError

TASK_DEFINITION = "aws_ecs_task_definition"
DEFAULT_TAG = "latest"

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html (checked 2026-11-26)
_PRIVATE = re.compile(
    r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)"
    r"/(?P<repository>[a-z0-9][a-z0-9._/-]*)(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


@dataclass(frozen=True)
class Place:
    """Where in ECR an image lies. Exactly one of tag and digest is given: a digest makes the tag beside it idle."""

    account: str
    region: str
    repository: str
    tag: str
    digest: str


@dataclass(frozen=True)
class Image:
    """An image that is about to run. text: as the containers name it; used_by: `TASK DEFINITION / CONTAINER` each."""

    text: str
    used_by: tuple[str, ...]

    @property
    def place(self) -> Place | None:
        """None for an image that lies in no private registry of ECR."""
        found = _PRIVATE.fullmatch(self.text)
        if found is None:
            return None
        digest = found["digest"] or ""
        tag = "" if digest else found["tag"] or DEFAULT_TAG
        return Place(found["account"], found["region"], found["repository"], tag, digest)


def images_of_plan(shown: Any, source: Path) -> tuple[Image, ...]:
    """Every image of `terraform show -json PLAN`, sidecars and init containers included, each once.

    source: for messages. UserError when it is no plan, runs nothing, or does not tell the image of a container.
    """
    from policies.errors import GateError
    from policies.graph import ReadError

    users: defaultdict[str, list[str]] = defaultdict(list)
    try:
        for text, user in _containers(shown, source):
            users[text].append(user)
    except GateError as error:
        raise UserError(str(error)) from error
    except ReadError as error:
        raise UserError(
            "the plan does not tell which image a container runs",
            where=str(source),
            found=str(error),
            mend="Create the repositories first (terraform apply -target), push the images, and plan again",
        ) from error
    if not users:
        raise UserError("the plan runs no container", str(source), allowed=f"a plan with {TASK_DEFINITION}")
    return tuple(Image(text, tuple(named)) for text, named in sorted(users.items()))


def _containers(shown: Any, source: Path) -> Iterator[tuple[str, str]]:
    from policies.graph.containers import containers
    from policies.graph.plan import load_plan

    if not isinstance(shown, dict) or "planned_values" not in shown:
        raise UserError("not a plan", str(source), allowed="what `terraform show -json PLAN` prints")
    for task in load_plan(shown, source, None).of_type(TASK_DEFINITION):
        for container in containers(task):
            text = container.text("image")
            if text is None:
                raise container.malformed("image", text, "the name of an image")
            yield text, f"{task.name} / {container.text('name', '?')}"
