"""Nothing that runs in the stack can give rights to itself or to others."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.policies import IDENTITY, actions_in, policies_of
from policies.mutant import Mutant, add, append, put
from policies.reference.actions import manages_permissions
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

# AWS calls these writes, and yet each of them is a way to somebody else's rights.
WAYS_TO_OTHER_RIGHTS = frozenset(
    {
        "iam:addusertogroup",
        "iam:createaccesskey",
        "iam:createloginprofile",
        "iam:passrole",
        "iam:updateloginprofile",
        "sts:assumerole",
    }
)

RULE = Rule(
    id="permissions-management",
    title="Role can neither change permissions nor take on the rights of another role",
    severity=Severity.CRITICAL,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="A task that can attach a policy, pass a role or assume one has every right in the account that such a "
    "role has, whatever else its own policy says.",
    remediation="Remove the action; what needs other rights gets a role of its own.",
    source=Source(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
        "2026-11-22",
    ),
    applies_to=("aws_*",),
    baseline=True,
)


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per action of an identity policy that leads to more rights."""
    for policy in policies_of(resource, graph):
        for statement in policy.allows if policy.form == IDENTITY else ():
            for action in actions_in(statement):
                if manages_permissions(action) or action.lower() in WAYS_TO_OTHER_RIGHTS:
                    yield finding(statement.place, "Action", action, "an action that gives no other rights")


POLICY = "aws_iam_role_policy.flow-log"
TASK_ROLE = "aws_iam_role.payment-api-task-role"
ROLE_ARN = "${aws_iam_role.payment-api-execution-role.arn}"
PASS_ROLE = '{"Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "' + ROLE_ARN + '"}}'
MUTANTS = (
    Mutant(
        "an inline policy that passes a role",
        put(TASK_ROLE, "inline_policy", {"name": "more", "policy": PASS_ROLE}),
        at=TASK_ROLE,
        also=("task-role-reach",),
    ),
    Mutant(
        "access to logs for everybody",
        append(POLICY, "policy.Statement[0].Action", "logs:PutResourcePolicy"),
        at=POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "another role's rights",
        add(
            "aws_iam_role_policy.more",
            {
                "name": "role-policy-more-production-pr42",
                "role": "${aws_iam_role.payment-api-task-role.id}",
                "policy": PASS_ROLE.replace("iam:PassRole", "STS:assumeROLE"),
            },
        ),
        at="aws_iam_role_policy.more",
        also=("task-role-reach",),
    ),
)
