"""Policies are given to roles of this stack, and to nobody else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, both
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

ROLE = "aws_iam_role"
# Where a policy names the roles that get it.
NAMES = {"aws_iam_role_policy": "role", "aws_iam_role_policy_attachment": "role", "aws_iam_policy_attachment": "roles"}
RULE = Rule(
    id="role-policies-of-this-stack",
    title="Policy is given to a role of this stack, not to one made elsewhere",
    severity=Severity.HIGH,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2"),
    rationale="A policy on somebody else's role gives rights here to whoever may assume it, which no rule can see.",
    remediation="Refer to an aws_iam_role of this stack; roles of people and pipelines get their rights elsewhere.",
    source=Source("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html", "2026-11-26"),
    applies_to=tuple(NAMES),
)


def check_each(policy: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per role that is not of this stack; role-trust judges the roles that are."""
    attribute = NAMES[policy.type]
    for value in policy.spread(attribute):
        if not (isinstance(value, str) and value and graph.lookup(value, ROLE)):
            yield finding(policy, attribute, value, "a role of this stack")


EXTRA, ATTACHMENT = "aws_iam_role_policy.extra", "aws_iam_role_policy_attachment.extra"
GRANT = (
    '{"Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", '
    '"Resource": "${aws_cloudwatch_log_group.vpc-flows.arn}"}]}'
)
MUTANTS = (
    Mutant(
        "rights for somebody else's role",
        add(EXTRA, {"name": "role-policy-extra-production-pr42", "role": "admin", "policy": GRANT}),
        at=EXTRA,
    ),
    Mutant(
        "a policy of this stack for somebody else's role",
        both(
            add("aws_iam_policy.extra", {"name": "iam-policy-extra-production-pr42", "policy": GRANT}),
            add(ATTACHMENT, {"role": "admin", "policy_arn": "${aws_iam_policy.extra.arn}"}),
        ),
        at=ATTACHMENT,
    ),
)
