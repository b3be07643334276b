"""Every container runs an image of a private ECR repository."""

import json
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.images import images_of
from policies.mutant import Mutant, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="private-images",
    title="Container image comes from a private ECR repository",
    severity=Severity.HIGH,
    clauses=("P.2.4", "G.2.1"),
    pci_dss=("6.3.2",),
    rationale="A public registry gives no say over who pushes, nothing is scanned on our behalf, and the task needs "
    "the open internet to start.",
    remediation="Copy the image into a private repository and name it there, sidecars and init containers included.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)


def check_each(task: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per container whose image lies elsewhere."""
    for image in images_of(task, graph):
        if not image.is_in_private_ecr:
            expected = "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY"
            yield finding(image.container, "image", image.container.get("image"), expected)


TASK = "aws_ecs_task_definition.payment-api"
IMAGE = "container_definitions[0].image"
DIGEST = "sha256:" + "0" * 64
SHARED = ("cpu", "memory", "portMappings")
UNKNOWN = "repository-origin"
ALSO = (UNKNOWN, "execution-role-reach")  # the role reaches a repository that the task no longer pulls from


def with_sidecar(definitions: str) -> str:
    """The containers and one more, in everything like the first but for its image and what cannot be had twice."""
    first, *others = json.loads(definitions)
    sidecar = {**first, "name": "proxy", "image": f"envoyproxy/envoy@{DIGEST}", "essential": False}
    return json.dumps([first, *others, {key: value for key, value in sidecar.items() if key not in SHARED}])


MUTANTS = (
    Mutant("Docker Hub", put(TASK, IMAGE, f"nginx@{DIGEST}"), at=TASK, also=ALSO),
    Mutant(
        "ECR Public",
        put(TASK, IMAGE, f"public.ecr.aws/nginx/nginx@{DIGEST}"),
        at=TASK,
        also=ALSO,
    ),
    Mutant(
        "another registry in front of our repository",
        change(TASK, IMAGE, lambda image: f"docker.io/{image}"),
        at=TASK,
        also=ALSO,
    ),
    Mutant("a public sidecar", change(TASK, "container_definitions", with_sidecar), at=TASK, also=(UNKNOWN,)),
)
