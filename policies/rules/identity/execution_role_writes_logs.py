"""The execution role of every task can write the task's logs."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import rest_after
from policies.graph.iam import Statement
from policies.graph.roles import allows, role_of, statements_of, takes_away
from policies.graph.task_logs import log_groups_of
from policies.mutant import Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="execution-role-writes-logs",
    title="Execution role can write to the log groups of its task",
    severity=Severity.HIGH,
    clauses=("P.7.2", "G.3.3"),
    pci_dss=("10.2.1",),
    rationale="ECS writes a container's output with the execution role; without the right the task does not start, or "
    "starts and leaves no trace.",
    remediation="Allow logs:CreateLogStream and logs:PutLogEvents on the streams of the task's own log group: its ARN "
    "followed by `:log-stream:*`.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition",),
    baseline=True,
)

WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")


def check_each(task: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per action that is not granted, at the task definition."""
    role = role_of(task, "execution_role_arn", graph)
    granted = statements_of(role, graph) if role else ()
    for group, prefix in log_groups_of(task, graph):
        for action in WRITE:
            if not any(allows(item, action) and _reaches(item, group, prefix, graph) for item in granted):
                message = f"the execution role has no grant of {action} on the streams of {group.address}"
                yield finding(task, "execution_role_arn", None, f"{action} on {group.address}", message)
    for statement in granted:
        if denied := takes_away(statement, WRITE):
            where = f"{statement.place.resource.address} {statement.place.where()}"
            yield finding(task, "execution_role_arn", f"Deny of {denied} at {where}", "no such Deny")


def _reaches(statement: Statement, group: Resource, prefix: str, graph: Graph) -> bool:
    """The ARN of the group itself does not match its streams."""
    streams = (":*", ":log-stream:*", f":log-stream:{prefix}/*", f":log-stream:{prefix}*")
    return any(rest_after(text, group, graph) in streams for text in statement.resources)


TASK = "aws_ecs_task_definition.payment-api"
POLICY = "aws_iam_role_policy.payment-api-execution-role"
ACTIONS, RESOURCE = "policy.Statement[2].Action", "policy.Statement[2].Resource"
OTHER = "${aws_cloudwatch_log_group.fraud-detection.arn}:log-stream:*"
MUTANTS = (
    Mutant("streams and no events", put(POLICY, ACTIONS, ["logs:CreateLogStream"]), at=TASK),
    Mutant("no statement", drop(POLICY, "policy.Statement[2]"), at=TASK),
    Mutant("the group of another service", put(POLICY, RESOURCE, [OTHER]), at=TASK, also=("execution-role-reach",)),
    Mutant(
        "the group and not its streams", put(POLICY, RESOURCE, ["${aws_cloudwatch_log_group.payment-api.arn}"]), at=TASK
    ),
    Mutant(
        "streams of another prefix", change(POLICY, RESOURCE, lambda arns: [arns[0].replace("*", "proxy/*")]), at=TASK
    ),
    Mutant(
        "under a condition",
        put(POLICY, "policy.Statement[2].Condition", {"DateLessThan": {"aws:CurrentTime": "2026-12-01T00:00:00Z"}}),
        at=TASK,
    ),
    Mutant(
        "all but reading denied",
        put(
            "aws_iam_role.payment-api-execution-role",
            "inline_policy",
            {"name": "less", "policy": '{"Statement": {"Effect": "Deny", "NotAction": "ecr:*", "Resource": "*"}}'},
        ),
        at=TASK,
    ),
)
