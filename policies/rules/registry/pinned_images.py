"""Every image is one that cannot be exchanged for another under the same name."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.images import Image, images_of
from policies.graph.postconditions import proves
from policies.mutant import Edit, Mutant, both, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

IMMUTABLE = "IMMUTABLE"
PROOFS = ('self.image_tag_mutability == "IMMUTABLE"', '"IMMUTABLE" == self.image_tag_mutability')

RULE = Rule(
    id="pinned-images",
    title="Container image is named by digest, or by a tag of a repository with immutable tags",
    severity=Severity.HIGH,
    clauses=("P.9.3", "G.2.1"),
    pci_dss=("6.3.2", "6.5.1"),
    rationale="A tag that can be moved lets a task that restarts at night run code that nobody released, and lets its "
    "siblings run something else.",
    remediation="Name the image by digest; or by a tag, with image_tag_mutability IMMUTABLE on a created repository, "
    "and with a postcondition that tests it on a referenced one.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


def check_each(task: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per container whose image may change under its name."""
    for image in images_of(task, graph):
        if not image.digest and not (image.tag not in ("", "latest") and _has_immutable_tags(image)):
            expected = "a digest, or a tag of a repository with immutable tags"
            yield finding(image.container, "image", image.container.get("image"), expected)


def _has_immutable_tags(image: Image) -> bool:
    repository = image.repository
    if repository is None:
        return False
    return repository.text("image_tag_mutability") == IMMUTABLE or proves(repository, PROOFS)


TASK = "aws_ecs_task_definition.payment-api"
IMAGE = "container_definitions[0].image"
REPOSITORY = "data.aws_ecr_repository.payment-api"
CONDITIONS = "lifecycle.postcondition"
SCANS = {"condition": "${self.image_scanning_configuration[0].scan_on_push}", "error_message": "No scan on push."}


def retagged(tag: str) -> Edit:
    """An edit function that exchanges the digest for a tag."""
    return change(TASK, IMAGE, lambda image: image.partition("@")[0] + tag)


def with_condition(condition: str) -> Edit:
    """A tag, with one more postcondition on the repository."""
    conditions = [SCANS, {"condition": condition, "error_message": "Tags can move."}]
    return both(
        change(TASK, IMAGE, lambda image: image.partition("@")[0] + ":1.2.3"), put(REPOSITORY, CONDITIONS, conditions)
    )


MUTANTS = (
    Mutant("a tag of a referenced repository", retagged(":1.2.3"), at=TASK),
    Mutant("latest", retagged(":latest"), at=TASK),
    Mutant("no tag at all", retagged(""), at=TASK),
    Mutant(
        "a postcondition that may be false",
        with_condition('${self.image_tag_mutability == "IMMUTABLE" || true}'),
        at=TASK,
    ),
    Mutant("a postcondition for mutable tags", with_condition('${self.image_tag_mutability == "MUTABLE"}'), at=TASK),
)
