"""Policies on resources trust principals of the account they are in."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import ACCOUNT, arn_of, spelled_out
from policies.graph.policies import IDENTITY, policies_of
from policies.mutant import Mutant, add, append
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="own-account-principals",
    title="Policy trusts accounts, users and roles of its own account only",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2"),
    rationale="What another account does with the access, and to whom it passes it on, is seen and decided there.",
    remediation="Remove the principal, or name one of this account, through data.aws_caller_identity or a role.",
    source=Source(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html", "2026-11-22"
    ),
    applies_to=("aws_*",),
    baseline=True,
)

KINDS = ("AWS", "Federated", "CanonicalUser")


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per principal whose account is not known to be our own; `*` is wildcard-principals' matter."""
    own = graph.once(own_accounts)
    for policy in policies_of(resource, graph):
        for statement in policy.allows if policy.form != IDENTITY else ():
            for principal in statement.principals:
                text = spelled_out(statement.place, "Principal", principal.value, graph)
                if principal.kind in KINDS and text != "*" and _account(text) not in own:
                    expected = "a principal of the account that the stack is deployed to"
                    yield finding(statement.place, "Principal", f"{principal.kind}: {principal.value}", expected)


def own_accounts(graph: Graph) -> frozenset[str]:
    """The account as a stand-in, and as a number where a plan or state knows it."""
    known = (item.get("account_id") for item in graph.of_type("data.aws_caller_identity"))
    return frozenset({ACCOUNT, *(item for item in known if isinstance(item, str))})


def _account(principal: str) -> str:
    arn = arn_of(principal)
    return arn.account if arn else principal if re.fullmatch(r"\d{12}", principal) else ""


BUCKET_POLICY = "aws_s3_bucket_policy.access-logs"
READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "${aws_s3_bucket.access-logs.arn}/*"}
MUTANTS = (
    Mutant(
        "another account reads logs",
        append(BUCKET_POLICY, "policy.Statement", {**READ, "Principal": {"AWS": "arn:aws:iam::210987654321:root"}}),
        at=BUCKET_POLICY,
    ),
    Mutant(
        "another account by its number",
        append(BUCKET_POLICY, "policy.Statement", {**READ, "Principal": {"AWS": ["210987654321"]}}),
        at=BUCKET_POLICY,
    ),
    Mutant(
        "a canonical user",
        append(
            BUCKET_POLICY, "policy.Statement", {**READ, "Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fb"}}
        ),
        at=BUCKET_POLICY,
    ),
    Mutant(
        "images for another account",
        add(
            "aws_ecr_repository_policy.shared",
            {
                "repository": "${data.aws_ecr_repository.payment-api.name}",
                "policy": '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:role/x"}, '
                '"Action": "ecr:BatchGetImage"}}',
            },
        ),
        at="aws_ecr_repository_policy.shared",
    ),
)
