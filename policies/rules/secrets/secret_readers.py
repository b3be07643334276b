"""A secret is read by ECS for its own service and by its own rotation, and by nobody else."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from policies.functions import functions_of
from policies.graph import Graph, Resource
from policies.graph.arns import arn_of, is_arn_of
from policies.graph.iam import Statement
from policies.graph.policies import IDENTITY, actions_in, policies_of
from policies.graph.roles import allows, resources_of, role_of, statements_of, takes_away
from policies.mutant import Mutant, add, append, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import SECRET, TASK, own_secrets, secrets_of, shown
from policies.spec import Spec

RULE = Rule(
    id="secret-readers",
    title="Secret is readable for the execution role of its service and the role of its rotation, and no one else",
    severity=Severity.CRITICAL,
    clauses=("G.3.3", "G.7.1", "G.7.2"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5", "8.6.2"),
    rationale="Whoever reads a secret is the service for its database and its partners; a task role that reads it "
    "hands it to every line of code in the container, as long as it runs.",
    remediation="Allow secretsmanager:GetSecretValue on the ARNs of its own secrets to the execution role, and to the "
    "rotation on its secret and the admin's.",
    source=Source(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html", "2026-11-26"
    ),
    applies_to=("aws_*",),
)

READ, DECRYPT = "secretsmanager:GetSecretValue", "kms:Decrypt"
READING = (READ.lower(), "secretsmanager:batchgetsecretvalue")
ADMIN = "environment.variables.ADMIN_SECRET_ARN"
ENDPOINTS = ("aws_vpc_endpoint", "aws_vpc_endpoint_policy")  # they grant nothing, they only let through


class Reader(NamedTuple):
    """A role that may read: secrets of this stack, and ARNs of others; `user` is where a missing right shows."""

    role: Resource
    own: tuple[Resource, ...]
    others: tuple[str, ...]
    user: Resource
    path: str


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at each statement that lets read more, and at what cannot read its own secret."""
    if not spec.states("secrets"):
        return
    readers: dict[Statement, list[Reader]] = {}
    for reader in _readers(graph, spec):
        for statement in statements_of(reader.role, graph):
            if statement.allows and _reads(statement, graph):
                readers.setdefault(statement, []).append(reader)
        yield from _lacking(reader, graph)
    for resource in graph.resources.values():
        for policy in policies_of(resource, graph) if resource.kind not in ENDPOINTS else ():
            for statement in policy.allows:
                if _reads(statement, graph):
                    yield from _beyond(statement, readers if policy.form == IDENTITY else {}, graph)


def _lacking(reader: Reader, graph: Graph) -> Iterator[Finding]:
    """Without one of these rights a task does not start, and that shows when the old ones are gone."""
    statements = statements_of(reader.role, graph)
    for secret in reader.own:
        keys = graph.lookup(secret.get("kms_key_id"), "aws_kms_key")
        for action, target in ((READ, secret), *((DECRYPT, key) for key in keys)):
            if not any(allows(item, action) and _names(item, target, graph) for item in statements):
                yield finding(reader.user, reader.path, reader.role.address, f"{action} on {target.address}")
    for statement in statements:
        if denied := takes_away(statement, (READ, DECRYPT)):
            yield finding(statement.place, "Effect", f"Deny of {denied}", "no such Deny")


def _readers(graph: Graph, spec: Spec) -> Iterator[Reader]:
    for task in graph.of_type(TASK):
        own = tuple(own_secrets(task, graph, spec).values())
        if own and (role := role_of(task, "execution_role_arn", graph)):
            yield Reader(role, own, (), task, "execution_role_arn")
    held = {stated: graph.resources[address] for address, stated in secrets_of(graph, spec).items()}
    for address, expected in functions_of(graph, spec).items():
        function = graph.resources[address]
        own = tuple(item for each, item in held.items() if expected.rotates(each))
        if own and (role := role_of(function, "role", graph)):
            yield Reader(role, own, (str(function.get(ADMIN, "")),), function, "role")


def _reads(statement: Statement, graph: Graph) -> bool:
    if statement.not_actions:
        texts = resources_of(statement, graph)
        return bool(statement.not_resources) or any(_may_be_a_secret(text) for text in texts)
    named = [item.lower() for item in actions_in(statement)]
    return any(fnmatchcase(action, item) for item in named for action in READING)


def _may_be_a_secret(text: str) -> bool:
    arn = arn_of(text)
    return arn is None or any(fnmatchcase(service, arn.service) for service in ("secretsmanager", SECRET))


def _names(statement: Statement, target: Resource, graph: Graph) -> bool:
    return any(is_arn_of(template, target, graph) for template in statement.resources)


def _beyond(statement: Statement, readers: Mapping[Statement, list[Reader]], graph: Graph) -> Iterator[Finding]:
    known = readers.get(statement, [])
    own = [secret for reader in known for secret in reader.own]
    others = [arn for reader in known for arn in reader.others if arn]
    if not known or statement.not_actions or statement.not_resources:
        found = [*statement.actions, *(f"all but {item}" for item in statement.not_actions)]
        yield finding(statement.place, "Action", found, "no reading of secrets" if not known else READ)
        return
    for template in statement.resources:
        if template not in others and not any(is_arn_of(template, secret, graph) for secret in own):
            expected = [*(secret.address for secret in own), *map(shown, others)]
            yield finding(statement.place, "Resource", template, expected)


EXECUTION, TASK_ROLE = "aws_iam_role_policy.fraud-detector-execution-role", "aws_iam_role.fraud-detector-task-role"
ROTATION = "aws_iam_role_policy.fraud-detector-database-rotation"
DATABASE, OTHER = f"{SECRET}.fraud-detector-database", f"${{{SECRET}.payment-processor-database.arn}}"
ROOT = "arn:${data.aws_partition.partition.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
GRANT = '{"Statement": {"Effect": "Allow", "Action": "%s", "Resource": "%s"}}'
READABLE = (
    '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "secretsmanager:Get*", "Resource": "*"}]}'
)
MUTANTS = (
    Mutant(
        "the task itself",
        put(TASK_ROLE, "inline_policy", [{"name": "more", "policy": GRANT % (READ, f"${{{DATABASE}.arn}}")}]),
        at=TASK_ROLE,
        stack="gateway",
        also=("task-role-reach",),
    ),
    Mutant(
        "many at once, in another policy of the role",
        add(
            "aws_iam_role_policy.more",
            {
                "name": "role-policy-fraud-detector-more-pr42",
                "role": f"${{{TASK_ROLE}.id}}",
                "policy": GRANT % ("secretsmanager:BatchGetSecretValue", f"${{{DATABASE}.arn}}"),
            },
        ),
        at="aws_iam_role_policy.more",
        stack="gateway",
        also=("task-role-reach",),
    ),
    Mutant(
        "the secret of a neighbour",
        append(EXECUTION, "policy.Statement[3].Resource", OTHER),
        at=EXECUTION,
        also=("execution-role-reach",),
        stack="gateway",
    ),
    Mutant(
        "a secret of somebody else",
        append(
            EXECUTION,
            "policy.Statement[3].Resource",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-admin-Ex4mPl",
        ),
        at=EXECUTION,
        also=("execution-role-reach",),
        stack="gateway",
    ),
    Mutant(
        "rotation of one reads another",
        append(ROTATION, "policy.Statement[5].Resource", OTHER),
        at=ROTATION,
        also=("rotation-function-reach",),
        stack="gateway",
    ),
    Mutant(
        "by a wildcard in the action",
        put(TASK_ROLE, "inline_policy", {"name": "more", "policy": GRANT % ("secretsmanager:Get*", OTHER)}),
        at=TASK_ROLE,
        also=("explicit-actions", "task-role-reach"),
        stack="gateway",
    ),
    Mutant(
        "all but one action, on everything",
        put(
            TASK_ROLE,
            "inline_policy",
            {"name": "more", "policy": GRANT.replace("Action", "NotAction") % ("iam:PassRole", "*")},
        ),
        at=TASK_ROLE,
        also=("explicit-actions", "explicit-resource-arns", "task-role-reach"),
        stack="gateway",
    ),
    Mutant(
        "everybody of the account, by a policy on the secret",
        put(DATABASE, "policy", READABLE % ROOT),
        at=DATABASE,
        also=("explicit-actions",),
        stack="gateway",
    ),
    Mutant(
        "nobody any more",
        drop(EXECUTION, "policy.Statement[3]"),
        at=f"{TASK}.fraud-detector",
        stack="gateway",
    ),
    Mutant(
        "nobody can decrypt it",
        drop(EXECUTION, "policy.Statement[4]"),
        at=f"{TASK}.fraud-detector",
        stack="gateway",
    ),
    Mutant(
        "a Deny",
        append(EXECUTION, "policy.Statement", {"Effect": "Deny", "Action": "secretsmanager:*", "Resource": "*"}),
        at=EXECUTION,
        stack="gateway",
    ),
    Mutant(
        "only under a condition",
        change(
            EXECUTION,
            "policy.Statement[3]",
            lambda item: {**item, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}},
        ),
        at=f"{TASK}.fraud-detector",
        stack="gateway",
    ),
)
