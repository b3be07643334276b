"""Nobody is let in without a name."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.iam import Statement
from policies.graph.policies import IDENTITY, policies_of
from policies.mutant import Edit, Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="wildcard-principals",
    title="Policy names its principals; everybody stands only in a Deny or in the policy of a VPC endpoint",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("1.3.1", "7.2.1", "7.2.2"),
    rationale="Principal `*` is everybody on earth. An endpoint policy may say it, because it is read beside the "
    "caller's own policy; its actions and resources (other rules hold them explicit) are what limits the way out.",
    remediation="Name the roles or services; give an endpoint a policy with the actions and ARNs that pass through it.",
    source=Source(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html", "2026-11-22"
    ),
    applies_to=("aws_*",),
    baseline=True,
)

ENDPOINT, ENDPOINT_POLICY = "aws_vpc_endpoint", "aws_vpc_endpoint_policy"
WITHOUT_POLICY = ("GatewayLoadBalancer", "Resource", "ServiceNetwork")


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per principal that is everybody, and for endpoints whose default policy lets everything through."""
    if resource.kind == ENDPOINT and not _has_policy(resource, graph):
        yield finding(resource, "policy", None, "a policy: the default lets everybody do everything")
    if resource.kind == "aws_lambda_permission" and resource.text("principal") == "*":
        yield finding(resource, "principal", "*", "a service or an account")
    for policy in policies_of(resource, graph):
        for statement in policy.allows if policy.form != IDENTITY else ():
            yield from _of_statement(statement)


def _has_policy(endpoint: Resource, graph: Graph) -> bool:
    if endpoint.text("vpc_endpoint_type", "Gateway") in WITHOUT_POLICY:
        return True
    return endpoint.has("policy") or bool(graph.referrers(endpoint, ENDPOINT_POLICY, "vpc_endpoint_id"))


def _of_statement(statement: Statement) -> Iterator[Finding]:
    if statement.not_principals:
        yield finding(statement.place, "NotPrincipal", [item.value for item in statement.not_principals], "Principal")
    everybody = [item.value for item in statement.principals if "*" in item.value]
    if everybody and statement.place.resource.type not in (ENDPOINT, ENDPOINT_POLICY):
        yield finding(statement.place, "Principal", everybody, "named principals")


BUCKET_POLICY, ROLE = "aws_s3_bucket_policy.access-logs", "aws_iam_role.payment-api-task-role"
ENDPOINT_TO_S3, REPOSITORY_POLICY = "aws_vpc_endpoint.s3", "aws_ecr_repository_policy.public"


def open_to(principal: str) -> Edit:
    """A repository with a policy; `principal` is a member of the statement, as JSON."""
    statement = f'{{"Effect": "Allow", {principal}, "Action": "ecr:BatchGetImage"}}'
    repository = "${data.aws_ecr_repository.payment-api.name}"
    return add(REPOSITORY_POLICY, {"repository": repository, "policy": f'{{"Statement": [{statement}]}}'})


MUTANTS = (
    Mutant("everybody pulls images", open_to('"Principal": "*"'), at=REPOSITORY_POLICY),
    Mutant("everybody in a list", open_to('"Principal": {"AWS": ["*"]}'), at=REPOSITORY_POLICY),
    Mutant(
        "everybody under a condition",
        open_to('"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "*"}}'),
        at=REPOSITORY_POLICY,
    ),
    Mutant(
        "everybody but one", open_to('"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}'), at=REPOSITORY_POLICY
    ),
    Mutant(
        "everybody writes logs",
        put(BUCKET_POLICY, "policy.Statement[0].Principal", "*"),
        at=BUCKET_POLICY,
        also=("access-log-bucket",),
    ),
    Mutant(
        "everybody assumes the role",
        put(ROLE, "assume_role_policy.Statement[0].Principal", {"AWS": "*"}),
        at=ROLE,
        also=("role-trust",),
    ),
    Mutant("the default policy of an endpoint", drop(ENDPOINT_TO_S3, "policy"), at=ENDPOINT_TO_S3),
)
