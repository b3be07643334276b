"""Each microservice has a repository of its own, made by this stack, and runs the images of that one."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.images import images_of
from policies.microservices import microservice_of, microservices
from policies.mutant import Mutant, add, both, change, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

REPOSITORY, TASK = "aws_ecr_repository", "aws_ecs_task_definition"
RULE = Rule(
    id="created-repositories",
    title="ECR repository exists exactly once for each microservice, where the spec has them created, and no other",
    severity=Severity.HIGH,
    clauses=("G.2.1",),
    pci_dss=("6.3.2",),
    rationale="A shared repository lets whoever pushes one service's image replace another's; one that nobody asked "
    "for is scanned and cleaned by nobody.",
    remediation="Declare one aws_ecr_repository per microservice, named by the pattern of the spec, and run its images "
    "in the task of that name.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html", "2026-11-26"),
    applies_to=(REPOSITORY, TASK),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at repositories that are unknown or one too many, for missing ones, and at images of a neighbour."""
    if not spec.get("repositories.created"):
        return
    repositories = graph.of_type(REPOSITORY)
    seen: dict[str, Resource] = {}
    for repository in repositories:
        name = microservice_of(repository, "name", spec)
        if name is None:
            yield finding(repository, "name", repository.text("name"), microservices(spec), "No microservice's")
        elif name in seen:
            yield finding(repository, "name", repository.text("name"), f"one for {name}, {seen[name].address}")
        else:
            seen[name] = repository
    for name in sorted(set(microservices(spec)) - set(seen)):
        yield absence(f"{REPOSITORY}.{name}", f"a repository for {name}", near=next(iter(repositories), None))
    for task in graph.of_type(TASK):
        yield from _of_task(task, graph, spec)


def _of_task(task: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Images from the repository of another microservice; whether there is a repository at all is another rule's."""
    name = microservice_of(task, "family", spec)
    for image in images_of(task, graph):
        owner = microservice_of(image.repository, "name", spec) if image.repository else None
        if name and owner and owner != name:
            yield finding(image.container, "image", image.repository and image.repository.address, f"that of {name}")


API, INNER = f"{REPOSITORY}.api-gateway", f"{REPOSITORY}.fraud-detector"
TOOLS = {
    "name": "ecr-repository-tools-pr42",
    "image_tag_mutability": "IMMUTABLE",
    "image_scanning_configuration": {"scan_on_push": True},
    "encryption_configuration": [{"encryption_type": "KMS", "kms_key": "${aws_kms_key.registry.arn}"}],
    "force_delete": True,
}
LOST = ("execution-role-pulls-images", "execution-role-reach")
MUTANTS = (
    Mutant(
        "renamed beyond recognition",
        put(INNER, "name", "ecr-repository-frauds-pr42"),
        at=INNER,
        also=("service-tag",),
        stack="gateway",
    ),
    Mutant(
        "a missing one",
        put(INNER, "name", "ecr-repository-api-gateway-pr42"),
        at=INNER,
        also=("service-tag",),
        stack="gateway",
    ),
    Mutant(
        "a repository that nobody asked for",
        both(
            add(f"{REPOSITORY}.tools", TOOLS),
            duplicate("aws_ecr_lifecycle_policy.api-gateway", "tools"),
            put("aws_ecr_lifecycle_policy.tools", "repository", f"${{{REPOSITORY}.tools.name}}"),
        ),
        at=f"{REPOSITORY}.tools",
        stack="gateway",
    ),
    Mutant(
        "a second one for one microservice",
        both(
            duplicate(API, "second"),
            duplicate("aws_ecr_lifecycle_policy.api-gateway", "second"),
            put("aws_ecr_lifecycle_policy.second", "repository", f"${{{REPOSITORY}.second.name}}"),
        ),
        at=f"{REPOSITORY}.second",
        stack="gateway",
    ),
    Mutant(
        "the neighbour's image",
        change(
            f"{TASK}.fraud-detector",
            "container_definitions[0].image",
            lambda image: image.replace("fraud-detector", "payment-processor"),
        ),
        at=f"{TASK}.fraud-detector",
        also=LOST,
        stack="gateway",
    ),
)
