"""What the code of a service may do in AWS is what the spec gives it, and nothing where the spec gives nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.policies import actions_in
from policies.graph.roles import resources_of, role_of, statements_of
from policies.microservices import microservice_of
from policies.mutant import Mutant, add
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="task-role-reach",
    title="Task role may do what the spec gives its service, and nothing else",
    severity=Severity.CRITICAL,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="Whoever takes over a container acts as its task role: one grant on a rotation function, a key or a "
    "security group is the way to everything that the other rules keep apart.",
    remediation="Remove the grant, or let security add it to task_permissions of the spec.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html", "2026-11-26"),
    applies_to=("aws_ecs_task_definition", "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at the policies of task roles."""
    for task in graph.of_type("aws_ecs_task_definition"):
        yield from _of_task(task, graph, spec)


def _of_task(task: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per action, and resource of it, that the spec does not give to the service."""
    role = role_of(task, "task_role_arn", graph)
    given = _given(microservice_of(task, "family", spec), spec)
    for statement in statements_of(role, graph) if role else ():
        if not statement.allows:
            continue
        for action in actions_in(statement) or ("all but some actions",):
            for resource in resources_of(statement, graph) or ("all but some resources",):
                if resource not in given.get(action, ()):
                    yield finding(
                        statement.place, "Action", f"{action} on {resource}", "what the spec gives the service"
                    )


def _given(service: str | None, spec: Spec) -> Mapping[str, tuple[str, ...]]:
    """Action -> resources."""
    stated: list[Mapping[str, Any]] = []
    if service and spec.states("task_permissions"):
        stated = spec.get("task_permissions").get(service, [])
    actions = {action for each in stated for action in each["actions"]}
    return {
        action: tuple(arn for each in stated if action in each["actions"] for arn in each["resources"])
        for action in actions
    }


def more(service: str, naming: str, action: str, resource: str) -> dict[str, Any]:
    """A second policy of a task role."""
    return {
        "name": naming,
        "role": f"${{aws_iam_role.{service}-task-role.id}}",
        "policy": f'{{"Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}]}}',
    }


MORE, API, PROCESSOR = "aws_iam_role_policy.more", "payment-api", "payment-processor"
OF_API, OF_PROCESSOR = "role-policy-more-production-pr42", f"role-policy-{PROCESSOR}-more-pr42"
MUTANTS = (
    Mutant(
        "reads a table of its own choice",
        add(MORE, more(API, OF_API, "dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:123456789012:table/cards")),
        at=MORE,
    ),
    Mutant(
        "starts a debugging channel",
        add(MORE, more(API, OF_API, "ssmmessages:OpenDataChannel", "*")),
        at=MORE,
    ),
    Mutant(
        "changes the code that rotates its secret",
        add(
            MORE,
            more(
                PROCESSOR,
                OF_PROCESSOR,
                "lambda:UpdateFunctionCode",
                "${aws_lambda_function.payment-processor-database-rotation.arn}",
            ),
        ),
        at=MORE,
        stack="gateway",
    ),
    Mutant(
        "opens the group of its neighbour",
        add(
            MORE,
            more(
                PROCESSOR,
                OF_PROCESSOR,
                "ec2:AuthorizeSecurityGroupIngress",
                "${aws_security_group.fraud-detector.arn}",
            ),
        ),
        at=MORE,
        stack="gateway",
    ),
)
