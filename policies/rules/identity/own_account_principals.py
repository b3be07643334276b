"""Policies on resources trust principals of the account they are in."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import arn_of, own_accounts, spelled_out
from policies.graph.policies import IDENTITY, policies_of
from policies.mutant import Edit, Mutant, add
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


def _account(principal: str) -> str:
    arn = arn_of(principal)
    return arn.account if arn else principal if re.fullmatch(r"\d{12}", principal) else ""


SHARED = "aws_ecr_repository_policy.shared"


def shared_with(principal: str) -> Edit:
    """An image repository that somebody else may pull from; `principal` is JSON."""
    statement = f'{{"Effect": "Allow", "Principal": {principal}, "Action": "ecr:BatchGetImage"}}'
    repository = "${data.aws_ecr_repository.payment-api.name}"
    return add(SHARED, {"repository": repository, "policy": f'{{"Statement": [{statement}]}}'})


MUTANTS = (
    Mutant("another account", shared_with('{"AWS": "arn:aws:iam::210987654321:root"}'), at=SHARED),
    Mutant("a role of another account", shared_with('{"AWS": ["arn:aws:iam::210987654321:role/build"]}'), at=SHARED),
    Mutant("another account by its number", shared_with('{"AWS": ["210987654321"]}'), at=SHARED),
    Mutant("a canonical user", shared_with('{"CanonicalUser": "79a59df900b949e55d96a1e698fb"}'), at=SHARED),
    Mutant("an identity provider", shared_with('{"Federated": "cognito-identity.amazonaws.com"}'), at=SHARED),
)
