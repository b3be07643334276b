"""AWS services act on the stack's resources for the stack's own account only."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import arn_of, spelled_out
from policies.graph.iam import Condition, Statement
from policies.graph.policies import IDENTITY, policies_of
from policies.mutant import Mutant, add, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="confused-deputy",
    title="Policy that lets an AWS service in says for which account or resource the service may act",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2"),
    rationale="Without aws:SourceAccount or aws:SourceArn anybody's load balancer, log group or task can make the "
    "service use our role, bucket or key: it is a deputy that does not know for whom it acts.",
    remediation="Add a condition such as StringEquals aws:SourceAccount or ArnLike aws:SourceArn with this account in "
    "it; for a key of CloudWatch Logs kms:EncryptionContext:aws:logs:arn.",
    source=Source("https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html", "2026-11-22"),
    applies_to=("aws_*",),
    baseline=True,
)

OPERATORS = frozenset({"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike"})
KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "kms:calleraccount"})
CONTEXT = "kms:encryptioncontext:"
LAMBDA = "aws_lambda_permission"


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per Allow statement for a service that says nothing of whom it acts for."""
    if resource.kind == LAMBDA and _is_open_to_a_service(resource):
        yield finding(resource, "source_arn", None, "source_arn or source_account")
    for policy in policies_of(resource, graph):
        for statement in policy.allows if policy.form != IDENTITY else ():
            services = [item.value for item in statement.principals if item.kind == "Service"]
            if services and not any(_binds(item, statement, graph) for item in statement.conditions):
                found = [f"{item.operator} {item.key}" for item in statement.conditions]
                expected = "aws:SourceAccount or aws:SourceArn of this account"
                message = f"{', '.join(services)} may act here for anybody"
                yield finding(statement.place, "Condition", found or None, expected, message)


def _is_open_to_a_service(permission: Resource) -> bool:
    bound = permission.has("source_arn") or permission.has("source_account")
    return not bound and "amazonaws.com" in (permission.text("principal") or "")


def _binds(condition: Condition, statement: Statement, graph: Graph) -> bool:
    """Whether a condition leaves only this account. An operator with IfExists also holds where the key is absent."""
    key = condition.key.lower()
    if condition.operator.lower() not in OPERATORS or not (key in KEYS or key.startswith(CONTEXT)):
        return False
    values = [spelled_out(statement.place, "Condition", value, graph) for value in condition.values]
    return bool(values) and all(_is_bound(value) for value in values)


def _is_bound(value: str) -> bool:
    arn = arn_of(value)
    if arn is None:
        return not set("*?") & set(value)
    if arn.account:
        return not set("*?") & set(arn.account)
    return not set("*?") & set(arn.resource)  # of S3, whose ARNs name no account, only one bucket is explicit


ROLE = "aws_iam_role.payment-api-task-role"
BUCKET_POLICY = "aws_s3_bucket_policy.access-logs"
TRUST, DELIVERY = "assume_role_policy.Statement[0].Condition", "policy.Statement[0].Condition"
TOPIC = {
    "arn": "${aws_sns_topic.alarms.arn}",
    "policy": '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, '
    '"Action": "sns:Publish", "Resource": "${aws_sns_topic.alarms.arn}"}]}',
}
MUTANTS = (
    Mutant("a role without conditions", drop(ROLE, TRUST), at=ROLE),
    Mutant("any account", put(ROLE, TRUST, {"StringLike": {"aws:SourceAccount": "*"}}), at=ROLE),
    Mutant(
        "any account in an ARN", put(ROLE, TRUST, {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:*:*"}}), at=ROLE
    ),
    Mutant("if it exists", put(ROLE, TRUST, {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}), at=ROLE),
    Mutant("everybody else", put(ROLE, TRUST, {"StringNotEquals": {"aws:SourceAccount": "123456789012"}}), at=ROLE),
    Mutant("another key", put(ROLE, TRUST, {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}), at=ROLE),
    Mutant("log delivery for anybody", drop(BUCKET_POLICY, DELIVERY), at=BUCKET_POLICY),
    Mutant(
        "one of two accounts is everybody",
        put(BUCKET_POLICY, DELIVERY, {"StringLike": {"aws:SourceAccount": ["123456789012", "2*"]}}),
        at=BUCKET_POLICY,
    ),
    Mutant(
        "alarms of anybody",
        both(
            add("aws_sns_topic.alarms", {"name": "sns-topic-alarms-production-pr42"}),
            add("aws_sns_topic_policy.alarms", TOPIC),
        ),
        at="aws_sns_topic_policy.alarms",
    ),
)
