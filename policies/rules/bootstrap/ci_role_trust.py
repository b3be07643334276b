"""Whoever takes on the CI role is a workflow of one repository, on a branch or in an environment of the spec."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import spelled_out
from policies.graph.iam import Statement, statements
from policies.mutant import Mutant, add, append, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.bootstrap._ci import PROVIDER, ROLE, account, limits
from policies.spec import Spec

RULE = Rule(
    id="ci-role-trust",
    title="IAM role of CI trusts whole subjects of one GitHub repository, for one audience, and nothing else",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2", "8.6.1"),
    rationale="With the subject left out, or a wildcard in it, workflows of other repositories, of pull requests and "
    "of any branch deploy into this account.",
    remediation="Hold aud and sub to the values of the spec with StringEquals, and give the role no other principal.",
    source=Source("https://docs.github.com/en/actions/reference/security/oidc", "2026-11-26"),
    applies_to=(ROLE, PROVIDER, "data." + PROVIDER),
)


def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a provider of another issuer or audience, and for each statement of trust that is too wide."""
    issuer = spec.get("ci.issuer")
    if resource.type == PROVIDER:
        if (resource.text("url") or "").removeprefix("https://") != issuer:
            yield finding(resource, "url", resource.text("url"), f"https://{issuer}")
        audiences = list(resource.items("client_id_list"))
        if resource.mode == "resource" and audiences != [spec.get("ci.audience")]:
            yield finding(resource, "client_id_list", audiences, [spec.get("ci.audience")])
        return
    for statement in statements(resource, "assume_role_policy", graph):
        if statement.allows:
            yield from _of_statement(statement, graph, spec, issuer)


def _of_statement(statement: Statement, graph: Graph, spec: Spec, issuer: str) -> Iterator[Finding]:
    if statement.actions != ("sts:AssumeRoleWithWebIdentity",) or statement.not_actions:
        yield finding(statement.place, "Action", statement.actions, "sts:AssumeRoleWithWebIdentity")
    if statement.not_principals or not statement.principals:
        yield finding(statement.place, "Principal", "all but some", "the provider of GitHub")
    for principal in statement.principals:
        text = spelled_out(statement.place, "Principal", principal.value, graph)
        expected = f"arn:aws:iam::{account(graph)}:oidc-provider/{issuer}"
        if not (principal.kind == "Federated" and (graph.lookup(principal.value, PROVIDER, "data." + PROVIDER)
                                                    or text == expected)):  # fmt: skip
            yield finding(statement.place, "Principal", f"{principal.kind}: {principal.value}", expected)
    wanted = {f"{issuer}:aud": [spec.get("ci.audience")], f"{issuer}:sub": sorted(spec.get("ci.subjects"))}
    for key, values in wanted.items():
        found = sorted(limits(statement, key))
        if found != values:
            yield finding(statement.place, "Condition", f"{key} in {found}", values)


CI, GITHUB = f"{ROLE}.ci", f"{PROVIDER}.github"
CONDITION = "assume_role_policy.Statement[0].Condition"
EQUALS = f"{CONDITION}.StringEquals"
ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = {f"{ISSUER}:aud": "sts.amazonaws.com"}
ROOT = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
MUTANTS = (
    Mutant("any workflow of GitHub", put(CI, EQUALS, AUDIENCE), at=CI, stack="bootstrap"),
    Mutant(
        "any branch",
        put(CI, CONDITION, {"StringEquals": AUDIENCE, "StringLike": {f"{ISSUER}:sub": "repo:example/paygate:*"}}),
        at=CI,
        stack="bootstrap",
    ),
    Mutant("any audience", put(CI, EQUALS, {f"{ISSUER}:sub": "x"}), at=CI, stack="bootstrap"),
    Mutant(
        "a value for each request at most",
        put(
            CI, CONDITION, {"ForAllValues:StringEquals": {f"{ISSUER}:sub": "repo:example/paygate:environment:nightly"}}
        ),
        at=CI,
        stack="bootstrap",
    ),
    Mutant(
        "pull requests, too",
        put(CI, EQUALS, {**AUDIENCE, f"{ISSUER}:sub": ["repo:example/paygate:pull_request"]}),
        at=CI,
        stack="bootstrap",
    ),
    Mutant(
        "the account, too",
        append(
            CI,
            "assume_role_policy.Statement",
            {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"},
        ),
        at=CI,
        stack="bootstrap",
    ),
    Mutant(
        "another provider",
        put(CI, "assume_role_policy.Statement[0].Principal.Federated", f"{ROOT.replace(':root', '')}:oidc-provider/x"),
        at=CI,
        stack="bootstrap",
    ),
    Mutant("provider for any audience", append(GITHUB, "client_id_list", "x"), at=GITHUB, stack="bootstrap"),
    Mutant(
        "another issuer",
        put(GITHUB, "url", "https://gitlab.com"),
        at=GITHUB,
        also=("ci-role-bounded",),
        stack="bootstrap",
    ),
    Mutant(
        "a second role",
        add(
            f"{ROLE}.second",
            {
                "name": "second",
                "assume_role_policy": '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
                '"Principal": {"Service": "ec2.amazonaws.com"}}]}',
            },
        ),
        at=f"{ROLE}.second",
        also=("ci-role-bounded",),
        stack="bootstrap",
    ),
)
