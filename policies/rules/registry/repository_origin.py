"""Every image comes from a repository that the stack references or creates, as the spec says."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.images import images_of
from policies.mutant import Mutant, add, both, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="repository-origin",
    title="Container image leads to an ECR repository that this stack references or creates, as the spec says",
    severity=Severity.MEDIUM,
    clauses=("P.9.1", "P.9.3", "G.2.1"),
    pci_dss=("6.3.2",),
    rationale="A repository that the stack does not know is one that no rule can hold to scanning, and whose absence "
    "shows only when a task does not start.",
    remediation="Look the repository up with data.aws_ecr_repository (or create it, where the spec says so) and take "
    "its repository_url for the image.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
)


def check_each(task: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per container whose repository is unknown, or known in the wrong way."""
    mode = "resource" if spec.get("repositories.created") else "data"
    expected = (
        "a repository created here" if mode == "resource" else "a repository looked up by data.aws_ecr_repository"
    )
    for image in images_of(task, graph):
        if image.repository is None:
            yield finding(image.container, "image", image.container.get("image"), expected)
        elif image.repository.mode != mode:
            yield finding(image.container, "image", image.repository.address, expected)


TASK = "aws_ecs_task_definition.payment-api"
IMAGE = "container_definitions[0].image"
DIGEST = "sha256:" + "0" * 64
CREATED = {
    "name": "ecr-repository-payment-api-production-pr42",
    "image_tag_mutability": "IMMUTABLE",
    "image_scanning_configuration": {"scan_on_push": True},
    "force_delete": True,
}
PULLED = ("execution-role-pulls-images", "execution-role-reach")
MUTANTS = (
    Mutant(
        "a repository written as text",
        put(TASK, IMAGE, f"123456789012.dkr.ecr.us-east-1.amazonaws.com/payments/payment-api@{DIGEST}"),
        at=TASK,
        also=PULLED,
    ),
    Mutant(
        "the right account and a repository nobody looked up",
        put(
            TASK,
            IMAGE,
            "${data.aws_caller_identity.current.account_id}.dkr.ecr.us-east-1.amazonaws.com/tools/x@" + DIGEST,
        ),
        at=TASK,
        also=PULLED,
    ),
    Mutant(
        "a repository created beside the one that exists",
        both(
            add("aws_ecr_repository.payment-api", CREATED),
            change(TASK, IMAGE, lambda image: image.replace("data.aws_ecr", "aws_ecr")),
        ),
        at=TASK,
        also=PULLED,
    ),
)
