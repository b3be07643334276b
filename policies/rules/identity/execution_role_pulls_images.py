"""The execution role of every task can pull the task's images."""

from collections.abc import Iterator
from itertools import product

from policies.graph import Graph, Resource
from policies.graph.arns import is_arn_of, is_same_arn
from policies.graph.iam import Statement
from policies.graph.images import Image, images_of
from policies.graph.roles import allows, resources_of, role_of, statements_of, takes_away
from policies.mutant import Mutant, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="execution-role-pulls-images",
    title="Execution role can pull the images of its task from ECR",
    severity=Severity.HIGH,
    clauses=("P.7.1", "G.3.3"),
    pci_dss=(),
    rationale="A task whose execution role cannot pull never starts, and it shows only after the old tasks are gone.",
    remediation="Allow the three pull actions on the ARN of the task's repository, and ecr:GetAuthorizationToken on "
    "`*`, which is the only resource it knows.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105  # the name of an action
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def check_each(task: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per action that is not granted, at the task definition."""
    role = role_of(task, "execution_role_arn", graph)
    granted = statements_of(role, graph) if role else ()
    if not any(allows(item, TOKEN) and "*" in resources_of(item, graph) for item in granted):
        yield finding(task, "execution_role_arn", f"no grant of {TOKEN}", f"{TOKEN} on *")
    pulled = {place: image for image in images_of(task, graph) if (place := _place(image))}
    for (place, image), action in product(pulled.items(), PULL):
        if not any(allows(item, action) and _reaches(item, image, graph) for item in granted):
            message = f"the execution role has no grant of {action} on {place}"
            yield finding(task, "execution_role_arn", None, f"{action} on {place}", message)
    for statement in granted:
        if denied := takes_away(statement, (TOKEN, *PULL)):
            where = f"{statement.place.resource.address} {statement.place.where()}"
            yield finding(task, "execution_role_arn", f"Deny of {denied} at {where}", "no such Deny")


def _place(image: Image) -> str:
    """Where the image is pulled from; "" where pulling takes no right."""
    return image.repository.address if image.repository else image.arn


def _reaches(statement: Statement, image: Image, graph: Graph) -> bool:
    """Of a repository that the stack does not know, the ARN that its URL says counts."""
    if image.repository is None:
        return any(is_same_arn(statement.place, text, image.arn, graph) for text in statement.resources)
    return any(is_arn_of(text, image.repository, graph) for text in statement.resources)


TASK = "aws_ecs_task_definition.payment-api"
IMAGE = "container_definitions[0].image"
ROLE = "aws_iam_role.payment-api-execution-role"
POLICY = "aws_iam_role_policy.payment-api-execution-role"
OTHER = "${data.aws_ecr_repository.fraud-detection.arn}"
REACH = ("execution-role-reach",)
UNKNOWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com/payments/payment-api@sha256:" + "0" * 64
MUTANTS = (
    Mutant(
        "an image of a repository that neither stack nor role knows",
        put(TASK, IMAGE, UNKNOWN),
        at=TASK,
        also=("execution-role-reach", "repository-origin"),
    ),
    Mutant("no token", drop(POLICY, "policy.Statement[0]"), at=TASK),
    Mutant("two of three actions", change(POLICY, "policy.Statement[1].Action", lambda actions: actions[:2]), at=TASK),
    Mutant(
        "the repository of another service", put(POLICY, "policy.Statement[1].Resource", [OTHER]), at=TASK, also=REACH
    ),
    Mutant(
        "only below the repository of an image whose tag is none",
        both(
            change(TASK, IMAGE, lambda image: image.partition("}")[0] + "}:no tag"),
            change(POLICY, "policy.Statement[1].Resource", lambda arns: [f"{arns[0]}/x"]),
        ),
        at=TASK,
        also=(*REACH, "pinned-images", "private-images"),
    ),
    Mutant(
        "only below the repository",
        change(POLICY, "policy.Statement[1].Resource", lambda arns: [f"{arns[0]}/x"]),
        at=TASK,
        also=REACH,
    ),
    Mutant(
        "under a condition",
        put(POLICY, "policy.Statement[1].Condition", {"StringEquals": {"aws:sourceVpce": "vpce-0"}}),
        at=TASK,
    ),
    Mutant("a Deny", put(POLICY, "policy.Statement[1].Effect", "Deny"), at=TASK),
    Mutant(
        "a Deny in a second policy",
        put(
            ROLE,
            "inline_policy",
            {"name": "less", "policy": '{"Statement": [{"Effect": "Deny", "Action": "ecr:*", "Resource": "*"}]}'},
        ),
        at=TASK,
    ),
    Mutant(
        "the policy on the other role",
        put(POLICY, "role", "${aws_iam_role.payment-api-task-role.id}"),
        at=TASK,
        also=("execution-role-writes-logs", "task-role-reach"),
    ),
)
