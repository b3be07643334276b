"""Container images followed to the repository they are pulled from."""

import re
from dataclasses import dataclass

from policies.graph.arns import ACCOUNT, NAME
from policies.graph.arns import spelled_out as spell
from policies.graph.containers import containers
from policies.graph.failures import ReadError
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.templates import Reference, references
from policies.graph.values import Block

REPOSITORIES = ("aws_ecr_repository", "data.aws_ecr_repository")

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html (checked 2026-11-22)
_PRIVATE = re.compile(
    r"(?P<url>(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[\w-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)"
    r"/(?P<name>[\w./-]+))"
    r"(?::(?P<tag>[\w.-]{1,128}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_URL_ATTRIBUTE = "repository_url"


@dataclass(frozen=True)
class Image:
    """What a container runs. text: with stand-ins for what Terraform computes; repository: None for an outsider's.

    arn: of the repository, as its URL says it; "" for an image that is not in private ECR.
    """

    container: Block
    text: str
    arn: str
    tag: str
    digest: str
    repository: Resource | None

    @property
    def is_in_private_ecr(self) -> bool:
        """Whether only a role that may pull gets it."""
        return bool(self.arn)


def images_of(task_definition: Resource, graph: Graph) -> tuple[Image, ...]:
    """The image of every container, init containers and sidecars included. Raises ReadError for one it cannot read."""
    found = graph.once(_index)[task_definition.address]
    if isinstance(found, ReadError):
        raise found
    return found


def repositories_of(task_definition: Resource, graph: Graph) -> tuple[Resource, ...]:
    """The repositories of this stack that the task's images come from, without repeats."""
    found = {
        image.repository.address: image.repository for image in images_of(task_definition, graph) if image.repository
    }
    return tuple(found.values())


def _index(graph: Graph) -> dict[str, tuple[Image, ...] | ReadError]:
    index: dict[str, tuple[Image, ...] | ReadError] = {}
    for task in graph.of_type("aws_ecs_task_definition"):
        try:
            index[task.address] = tuple(_image(container, graph) for container in containers(task))
        except ReadError as failure:
            index[task.address] = failure
    return index


def _image(container: Block, graph: Graph) -> Image:
    template = container.get("image")
    if not isinstance(template, str) or not template:
        raise container.malformed("image", template, "the name of an image")
    at_start = _repository_at_start(template, graph)
    if at_start:
        template = template.replace(template[: template.index("}") + 1], _stand_in_url(at_start), 1)
    text = spell(container, "image", template, graph)
    private = _PRIVATE.fullmatch(text)
    return Image(
        container,
        text,
        arn=f"arn:aws:ecr:{private['region']}:{private['account']}:repository/{private['name']}" if private else "",
        tag=(private["tag"] if private else _tag(text)) or "",
        digest=match[0] if (match := re.search(r"(?<=@)sha256:[0-9a-f]{64}$", text)) else "",
        repository=at_start or (_named(private, graph) if private else None),
    )


def _repository_at_start(template: str, graph: Graph) -> Resource | None:
    """The repository whose URL the template begins with."""
    written = references(template) if template.startswith("${") else ()
    if not written or not _is_url(written[0]) or not template.startswith(f"${{{written[0].text}}}"):
        return None
    found = graph.lookup(f"${{{written[0].text}}}", *REPOSITORIES)
    return found[0] if len(found) == 1 else None


def _is_url(reference: Reference) -> bool:
    return bool(reference.steps) and reference.steps[-1] == _URL_ATTRIBUTE


def _stand_in_url(repository: Resource) -> str:
    return f"{ACCOUNT}.dkr.ecr.region.amazonaws.com/{_name(repository) or NAME}"


def _name(repository: Resource) -> str | None:
    try:
        return repository.text("name")
    except ReadError:
        return None


def _named(private: re.Match[str], graph: Graph) -> Resource | None:
    """The repository that a spelled-out image belongs to: by its URL, or by name in the account of the stack."""
    by_url, by_name = graph.once(_repositories)
    found = by_url.get(private["url"])
    return found or (by_name.get(private["name"]) if private["account"] == ACCOUNT else None)


def _repositories(graph: Graph) -> tuple[dict[str, Resource], dict[str, Resource]]:
    by_url: dict[str, Resource] = {}
    by_name: dict[str, Resource] = {}
    for repository in graph.of_type(*REPOSITORIES):
        url, name = repository.get(_URL_ATTRIBUTE), _name(repository)
        if isinstance(url, str):
            by_url.setdefault(url, repository)
        if name:
            by_name.setdefault(name, repository)
    return by_url, by_name


def _tag(text: str) -> str:
    _, _, tag = text.partition("@")[0].rpartition("/")[2].partition(":")
    return tag
