"""Roles trust the AWS service that they are for, and nobody else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.iam import Statement
from policies.graph.policies import TRUST, actions_in, policies_of
from policies.graph.role_users import services_of
from policies.mutant import Mutant, add, append, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="role-trust",
    title="IAM role trusts only the AWS service that uses it in this stack",
    severity=Severity.CRITICAL,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="Whoever may assume a role has all its rights: another account, an identity provider or a service that "
    "has no business with it is a door that nobody watches.",
    remediation="Trust one service principal, with sts:AssumeRole: ecs-tasks.amazonaws.com for roles of tasks.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html", "2026-11-22"),
    applies_to=("aws_iam_role",),
    baseline=True,
)

ACTION = "sts:assumerole"


def check_each(role: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per principal and action of the trust policy; a role that nothing here uses needs no trust at all."""
    expected = services_of(role, graph)
    trust = [item for policy in policies_of(role, graph) if policy.form == TRUST for item in policy.allows]
    if not expected:
        yield finding(role, "assume_role_policy", "a role that nothing in this stack uses", "a user, or no role")
        return
    for statement in trust:
        yield from _of_statement(statement, expected)
    trusted = {principal.value for item in trust for principal in item.principals}
    for service in sorted(expected - trusted):
        yield finding(role, "assume_role_policy", sorted(trusted), f"{service} as a principal")


def _of_statement(statement: Statement, expected: frozenset[str]) -> Iterator[Finding]:
    wanted = f"only {', '.join(sorted(expected))}"
    if statement.not_principals:
        yield finding(statement.place, "NotPrincipal", [item.value for item in statement.not_principals], wanted)
    for principal in statement.principals:
        if principal.kind != "Service" or principal.value not in expected:
            yield finding(statement.place, "Principal", f"{principal.kind}: {principal.value}", wanted)
    for action in actions_in(statement):
        if action.lower() != ACTION:
            yield finding(statement.place, "Action", action, "sts:AssumeRole")


ROLE = "aws_iam_role.payment-api-task-role"
STATEMENT = "assume_role_policy.Statement"
FEDERATED = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
OTHER_ACCOUNT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "sts:AssumeRole"}
NEVER_USED = {
    "name": "task-role-spare-production-pr42",
    "assume_role_policy": '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, '
    '"Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}]}',
}
MUTANTS = (
    Mutant(
        "another account in a second statement",
        append(ROLE, STATEMENT, OTHER_ACCOUNT),
        at=ROLE,
        also=("own-account-principals",),
    ),
    Mutant(
        "a second service",
        put(ROLE, f"{STATEMENT}[0].Principal", {"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]}),
        at=ROLE,
    ),
    Mutant(
        "an identity provider",
        both(
            put(ROLE, f"{STATEMENT}[0].Principal", {"Service": "ecs-tasks.amazonaws.com", "Federated": FEDERATED}),
            put(ROLE, f"{STATEMENT}[0].Action", ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"]),
        ),
        at=ROLE,
        also=("own-account-principals",),
    ),
    Mutant(
        "the wrong service", change(ROLE, f"{STATEMENT}[0].Principal.Service", lambda _: "ecs.amazonaws.com"), at=ROLE
    ),
    Mutant("a role that nothing uses", add("aws_iam_role.spare", NEVER_USED), at="aws_iam_role.spare"),
    Mutant(
        "nobody but one",
        both(
            drop(ROLE, f"{STATEMENT}[0].Principal"),
            put(ROLE, f"{STATEMENT}[0].NotPrincipal", {"AWS": "arn:aws:iam::123456789012:root"}),
        ),
        at=ROLE,
        also=("wildcard-principals",),
    ),
)
