"""Every task definition has two roles that nothing else has."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.role_users import users_of
from policies.graph.roles import role_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="roles-per-service",
    title="Task definition has an execution role and a task role that nothing else uses",
    severity=Severity.HIGH,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5", "8.6.1"),
    rationale="A role that two services share has the rights of both, and no log tells which of them used it; a task "
    "whose task role is its execution role can pull images and read every secret it was started with.",
    remediation="Create one execution role and one task role per service and name each in one task definition only.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)

ROLES = ("execution_role_arn", "task_role_arn")


def check_each(task: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a missing role and for each other user of one."""
    for path in ROLES:
        role = role_of(task, path, graph)
        if role is None:
            yield finding(task, path, None, "a role of its own")
            continue
        for user, attribute in users_of(role, graph):
            if (user, attribute) != (task, path):
                message = f"{role.address} is also {attribute} of {user.address}"
                yield finding(task, path, f"{user.address} {attribute}", "no other user", message)


TASK = "aws_ecs_task_definition.payment-api"
NEIGHBOUR = "aws_ecs_task_definition.fraud-detection"
EXECUTION, OWN = "${aws_iam_role.payment-api-execution-role.arn}", "${aws_iam_role.payment-api-task-role.arn}"
UNUSED = ("role-trust",)  # the role that is left without a user
MUTANTS = (
    Mutant("no task role", drop(TASK, "task_role_arn"), at=TASK, also=UNUSED),
    Mutant("one role for both", put(TASK, "task_role_arn", EXECUTION), at=TASK, also=("role-trust", "task-role-reach")),
    Mutant("a task role for two services", put(NEIGHBOUR, "task_role_arn", OWN), at=TASK, also=UNUSED),
    Mutant(
        "a role for tasks and flow logs", put("aws_flow_log.vpc", "iam_role_arn", OWN), at=TASK, also=("role-trust",)
    ),
    Mutant(
        "the execution role of the neighbour",
        put(NEIGHBOUR, "execution_role_arn", EXECUTION),
        at=NEIGHBOUR,
        also=("execution-role-pulls-images", "execution-role-reach", "execution-role-writes-logs", *UNUSED),
    ),
)
