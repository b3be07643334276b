"""A rotation reaches the secret it rotates, the credential it does that with, and their keys."""

from collections.abc import Iterator

from policies.functions import FUNCTION, functions_of
from policies.graph import Graph, Resource
from policies.graph.arns import arn_of, spelled_out
from policies.mutant import Mutant, append, change, drop, put
from policies.rule import Finding, Rule, Severity, Source
from policies.rules.function._grants import Grant, held_to, on_arn, standing
from policies.service_secrets import SECRET, secrets_of
from policies.spec import Spec

RULE = Rule(
    id="rotation-function-reach",
    title="Rotation function can change its own secret and read its admin's, and has no other right",
    severity=Severity.HIGH,
    clauses=("G.3.3", "G.7.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="It holds the credential that sets passwords; what it could do beyond its secret, whoever gets into it "
    "could do as well. Without one of its rights a rotation stops half-way.",
    remediation="Allow the four actions of a rotation on the ARN of its secret, GetSecretValue on the admin secret, "
    "and kms:GenerateDataKey and kms:Decrypt on their keys.",
    source=Source(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
        "2026-11-26",
    ),
    applies_to=(FUNCTION, "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
)

ROTATE = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
)
READ, ENCRYPT, DECRYPT = ("secretsmanager:GetSecretValue",), ("kms:GenerateDataKey",), ("kms:Decrypt",)
ADMIN, KEY = "environment.variables.ADMIN_SECRET_ARN", "aws_kms_key"


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per rotation function: at statements that go further, and for rights that it lacks."""
    held = {(each.service, each.name): address for address, each in secrets_of(graph, spec).items()}
    for address, expected in functions_of(graph, spec).items():
        function = graph.resources[address]
        if (own := held.get((expected.service, expected.secret))) is not None:
            grants = (*standing(function, graph), *_rotating(function, graph.resources[own], graph))
            yield from held_to(function, grants, graph)


def _rotating(function: Resource, secret: Resource, graph: Graph) -> Iterator[Grant]:
    admin = function.get(ADMIN)
    yield Grant(ROTATE, on_arn(secret, graph), secret.address, needed=True)
    yield Grant(READ, lambda template: template == admin, "its admin secret", needed=True)
    for key in graph.lookup(secret.get("kms_key_id"), KEY):
        yield Grant(ENCRYPT, on_arn(key, graph), key.address, needed=True)
        yield Grant(DECRYPT, on_arn(key, graph), key.address, needed=True)
    yield Grant(DECRYPT, lambda template: _is_key_of_others(template, function, graph), "the key of its admin secret")


def _is_key_of_others(template: str, function: Resource, graph: Graph) -> bool:
    """A key that this stack does not make: its own policy says who may decrypt what with it."""
    if graph.lookup(template, KEY):
        return False
    arn = arn_of(spelled_out(function, "role", template, graph))
    return arn is not None and arn.service == "kms" and arn.resource.startswith("key/")


NAME = "fraud-detector-database-rotation"
POLICY, ROTATION = f"aws_iam_role_policy.{NAME}", f"{FUNCTION}.{NAME}"
STATEMENT, OTHER = "policy.Statement[5]", f"${{{SECRET}.payment-processor-database.arn}}"
MUTANTS = (
    Mutant(
        "the secret of another service",
        append(POLICY, f"{STATEMENT}.Resource", OTHER),
        at=POLICY,
        also=("secret-readers",),
        stack="gateway",
    ),
    Mutant(
        "every secret by its name",
        put(POLICY, f"{STATEMENT}.Resource", "arn:aws:secretsmanager:us-east-1:123456789012:secret:*"),
        at=POLICY,
        also=("explicit-resource-arns", "secret-readers"),
        stack="gateway",
    ),
    Mutant(
        "who may read it",
        append(POLICY, f"{STATEMENT}.Action", "secretsmanager:PutResourcePolicy"),
        at=POLICY,
        also=("permissions-management",),
        stack="gateway",
    ),
    Mutant(
        "sets the admin's credential",
        append(POLICY, "policy.Statement[6].Action", "secretsmanager:PutSecretValue"),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "data of the logs",
        append(POLICY, "policy.Statement[8].Resource", f"${{{KEY}.logs.arn}}"),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "another log group",
        append(POLICY, "policy.Statement[0].Resource", "${aws_cloudwatch_log_group.fraud-detector.arn}:*"),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "a public subnet",
        append(
            POLICY,
            "policy.Statement[1].Resource",
            "arn:aws:ec2:us-east-1:${data.aws_caller_identity.current.account_id}:subnet/${aws_subnet.public-us-east-1a.id}",
        ),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "cannot finish",
        change(POLICY, f"{STATEMENT}.Action", lambda actions: actions[:-1]),
        at=ROTATION,
        stack="gateway",
    ),
    Mutant("cannot read what it signs in with", drop(POLICY, "policy.Statement[6]"), at=ROTATION, stack="gateway"),
    Mutant("cannot encrypt", drop(POLICY, "policy.Statement[7]"), at=ROTATION, stack="gateway"),
    Mutant(
        "interfaces that only other functions may not touch",
        change(
            POLICY,
            "policy.Statement[4].Condition",
            lambda condition: {"ArnNotEquals": condition["ArnEquals"]},
        ),
        at=ROTATION,
        stack="gateway",
    ),
    Mutant(
        "interfaces that another function may not touch",
        put(
            POLICY,
            "policy.Statement[4].Condition.ArnEquals.lambda:SourceFunctionArn",
            "arn:aws:lambda:us-east-1:123456789012:function:function-redeployment-pr42",
        ),
        at=ROTATION,
        stack="gateway",
    ),
    Mutant(
        "a Deny",
        append(POLICY, "policy.Statement", {"Effect": "Deny", "Action": "secretsmanager:Update*", "Resource": "*"}),
        at=POLICY,
        stack="gateway",
    ),
    Mutant(
        "more in the role itself",
        put(
            f"aws_iam_role.{NAME}",
            "inline_policy",
            {
                "name": "more",
                "policy": '{"Statement": {"Effect": "Allow", "Action": "rds:ModifyDBInstance", '
                '"Resource": "arn:aws:rds:us-east-1:123456789012:db:payments"}}',
            },
        ),
        at=f"aws_iam_role.{NAME}",
        stack="gateway",
    ),
)
