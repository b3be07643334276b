"""The execution role of a task reaches what starting that task takes, and nothing else."""

from collections.abc import Callable, Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import is_arn_of, is_log_group_or_below, rest_after
from policies.graph.containers import containers, secret_named_by
from policies.graph.iam import Statement
from policies.graph.images import repositories_of
from policies.graph.policies import actions_in
from policies.graph.roles import role_of, statements_of
from policies.graph.task_logs import log_groups_of
from policies.mutant import Mutant, append, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="execution-role-reach",
    title="Execution role reaches only the repository, the log group and the secrets of its own task",
    severity=Severity.HIGH,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="ECS starts a task with it; a role that reaches the images, logs or secrets of its neighbours joins what "
    "the services were separated for.",
    remediation="Give each execution role the pull actions on its own repository, the write actions on its own log "
    "group, and reading of the secrets its own containers name.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html", "2026-11-22"
    ),
    applies_to=("aws_ecs_task_definition", "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
    baseline=True,
)

NO_RESOURCE = "ecr:getauthorizationtoken"
PULL = frozenset({"ecr:batchchecklayeravailability", "ecr:batchgetimage", "ecr:getdownloadurlforlayer"})
WRITE = frozenset({"logs:createlogstream", "logs:putlogevents"})
READ = frozenset({"secretsmanager:getsecretvalue", "ssm:getparameters", "kms:decrypt"})
# What may follow the ARN of a resource of its own: of a repository nothing (what follows would name another one).
BELOW: dict[frozenset[str], Callable[[str, Resource, Graph], bool]] = {
    PULL: is_arn_of,
    WRITE: is_log_group_or_below,
    READ: lambda template, item, graph: rest_after(template, item, graph) in ("", "-??????"),
}
SECRET_KINDS = (
    "aws_secretsmanager_secret",
    "data.aws_secretsmanager_secret",
    "aws_ssm_parameter",
    "data.aws_ssm_parameter",
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at the policies of execution roles."""
    for task in graph.of_type("aws_ecs_task_definition"):
        yield from _of_task(task, graph)


def _of_task(task: Resource, graph: Graph) -> Iterator[Finding]:
    """Findings per action, and per resource of an action, that starting this task does not take."""
    role = role_of(task, "execution_role_arn", graph)
    own = {
        PULL: repositories_of(task, graph),
        WRITE: tuple(group for group, _ in log_groups_of(task, graph)),
        READ: _secrets_of(task, graph),
    }
    for statement in statements_of(role, graph) if role else ():
        if statement.allows:
            yield from _beyond(statement, own, graph)


def _beyond(statement: Statement, own: dict[frozenset[str], tuple[Resource, ...]], graph: Graph) -> Iterator[Finding]:
    for action in actions_in(statement):
        group = next((actions for actions in own if action.lower() in actions), None)
        if group is None:
            if action.lower() != NO_RESOURCE:
                yield finding(statement.place, "Action", action, "an action that starting a task takes")
            continue
        for template in statement.resources:
            if not any(BELOW[group](template, item, graph) for item in own[group]):
                found = f"{action} on {template}"
                expected = ", ".join(item.address for item in own[group]) or "nothing: the task has none"
                yield finding(statement.place, "Resource", found, expected)


def _secrets_of(task: Resource, graph: Graph) -> tuple[Resource, ...]:
    """Secrets and parameters that a container names, with the keys of this stack that they lie under."""
    found: dict[str, Resource] = {}
    for container in containers(task):
        named = [block.get("valueFrom") for block in container.blocks("secrets")]
        for value in (*named, container.get("repositoryCredentials.credentialsParameter")):
            for secret in graph.lookup(secret_named_by(value), *SECRET_KINDS) if value else ():
                found[secret.address] = secret
                for path in ("kms_key_id", "key_id"):
                    keys = graph.lookup(secret.get(path), "aws_kms_key") if secret.has(path) else ()
                    found.update({key.address: key for key in keys})
    return tuple(found.values())


POLICY = "aws_iam_role_policy.payment-api-execution-role"
ROLE = "aws_iam_role.payment-api-execution-role"
NEIGHBOUR = "${data.aws_ecr_repository.fraud-detection.arn}"
READING = '{"Statement": {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "%s"}}'
MUTANTS = (
    Mutant("a second repository", append(POLICY, "policy.Statement[1].Resource", NEIGHBOUR), at=POLICY),
    Mutant(
        "a second log group",
        append(POLICY, "policy.Statement[2].Resource", "${aws_cloudwatch_log_group.vpc-flows.arn}:log-stream:*"),
        at=POLICY,
    ),
    Mutant("another action", append(POLICY, "policy.Statement[1].Action", "ecr:PutImage"), at=POLICY),
    Mutant(
        "a secret that no container names",
        put(
            ROLE,
            "inline_policy",
            {
                "name": "more",
                "policy": READING % "arn:aws:secretsmanager:us-east-1:123456789012:secret:card-keys-AbCdEf",
            },
        ),
        at=ROLE,
    ),
    Mutant(
        "all repositories of a team",
        append(POLICY, "policy.Statement[1].Resource", "arn:aws:ecr:us-east-1:123456789012:repository/payments/*"),
        at=POLICY,
        also=("explicit-resource-arns",),
    ),
)
