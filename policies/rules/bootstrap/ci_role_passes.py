"""The CI role passes a role of the stacks only to the AWS service that it was made for."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import arn_of
from policies.graph.iam import Statement
from policies.mutant import Mutant, append, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.bootstrap._ci import POLICY, granted, limits, resource_texts, speaks_of
from policies.spec import Spec

RULE = Rule(
    id="ci-role-passes",
    title="IAM role of CI passes roles of the stacks to the one service that each is made for",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2"),
    rationale="A role that may be passed to any service can be run by one that nobody watches, with all its rights.",
    remediation="Name the roles by their first part and a suffix, and hold iam:PassedToService to the spec's service.",
    source=Source("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html", "2026-11-26"),
    applies_to=(POLICY, "aws_iam_role_policy", "aws_iam_role"),
)


def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per statement that passes roles to more than one service, and per role that the service is not for."""
    for statement in granted(resource, graph):
        if speaks_of(statement, "iam:PassRole"):
            yield from _of_statement(statement, graph, spec)


def _of_statement(statement: Statement, graph: Graph, spec: Spec) -> Iterator[Finding]:
    services = limits(statement, "iam:PassedToService")
    if len(services) != 1:
        yield finding(statement.place, "Condition", services, "iam:PassedToService, one service")
    passes = {prefix for prefix, service in spec.get("ci.passes").items() if (service,) == services}
    names = "|".join(re.escape(prefix) for prefix in sorted(passes))
    suffixes = "|".join(re.escape(suffix) for suffix in spec.get("ci.suffixes"))
    for template, text in resource_texts(statement, graph):
        arn = arn_of(text)
        if not passes or arn is None or not re.fullmatch(rf"role/({names})\*?-({suffixes})", arn.resource):
            expected = f"roles that begin with {', '.join(sorted(passes)) or 'nothing'} and end in a suffix"
            yield finding(statement.place, "Resource", template, expected)


IDENTITY = f"{POLICY}.ci-identity"
PASSES = "policy.Statement[1]"  # to ECS tasks
ROLES = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/"
SERVICE = f"{PASSES}.Condition.StringEquals"
MUTANTS = (
    Mutant("to any service", drop(IDENTITY, f"{PASSES}.Condition"), at=IDENTITY, stack="bootstrap"),
    Mutant(
        "to another service, too",
        put(IDENTITY, SERVICE, {"iam:PassedToService": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"]}),
        at=IDENTITY,
        stack="bootstrap",
    ),
    Mutant(
        "to a service of another role",
        put(IDENTITY, SERVICE, {"iam:PassedToService": "lambda.amazonaws.com"}),
        at=IDENTITY,
        stack="bootstrap",
    ),
    Mutant(
        "a role that is not of the stacks",
        append(IDENTITY, f"{PASSES}.Resource", f"{ROLES}admin"),
        at=IDENTITY,
        also=("ci-role-reach",),
        stack="bootstrap",
    ),
    Mutant(
        "whatever the service is called",
        put(IDENTITY, f"{PASSES}.Condition", {"StringLike": {"iam:PassedToService": "*.amazonaws.com"}}),
        at=IDENTITY,
        stack="bootstrap",
    ),
    Mutant(
        "in another case",
        append(
            IDENTITY,
            "policy.Statement",
            {"Effect": "Allow", "Action": "iam:passrole", "Resource": f"{ROLES}task-role*-prod"},
        ),
        at=IDENTITY,
        stack="bootstrap",
    ),
)
