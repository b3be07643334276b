"""Roles get their rights from this stack alone."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, both, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

ATTRIBUTES = {
    "aws_iam_role": "managed_policy_arns",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachments_exclusive": "policy_arns",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_iam_user_policy_attachments_exclusive": "policy_arns",
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_group_policy_attachments_exclusive": "policy_arns",
}

RULE = Rule(
    id="attached-policies",
    title="IAM role has only policies that are written in this stack",
    severity=Severity.HIGH,
    clauses=("P.7.3", "P.7.4", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="AWS managed policies name no resources of ours, AWS extends them at will, and nobody who reads this "
    "stack sees what they grant.",
    remediation="Write the statements that are needed into aws_iam_role_policy, with the ARNs of this stack.",
    source=Source("https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html", "2026-11-22"),
    applies_to=tuple(ATTRIBUTES),
    baseline=True,
)


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per attached policy that is not a resource of the stack."""
    attribute = ATTRIBUTES[resource.type]
    for arn in resource.spread(attribute):
        if not graph.lookup(arn, "aws_iam_policy"):
            yield finding(resource, attribute, arn, "the ARN of an aws_iam_policy of this stack")


ROLE = "aws_iam_role.payment-api-execution-role"
ATTACHMENT = "aws_iam_role_policy_attachment.more"
ROLE_NAME = "${aws_iam_role.payment-api-task-role.name}"
ECS_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
MUTANTS = (
    Mutant("AWS managed, inside the role", put(ROLE, "managed_policy_arns", [ECS_POLICY]), at=ROLE),
    Mutant(
        "administrator",
        add(ATTACHMENT, {"role": ROLE_NAME, "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        at=ATTACHMENT,
    ),
    Mutant(
        "the partition as a reference",
        add(
            ATTACHMENT,
            {
                "role": ROLE_NAME,
                "policy_arn": "arn:${data.aws_partition.partition.partition}:iam::aws:policy/PowerUserAccess",
            },
        ),
        at=ATTACHMENT,
    ),
    Mutant(
        "a policy looked up by name",
        both(
            add("data.aws_iam_policy.admin", {"name": "AdministratorAccess"}),
            add(ATTACHMENT, {"role": ROLE_NAME, "policy_arn": "${data.aws_iam_policy.admin.arn}"}),
        ),
        at=ATTACHMENT,
    ),
    Mutant(
        "several roles at once",
        add(
            "aws_iam_policy_attachment.more",
            {"name": "policy-attachment-more-production-pr42", "roles": [ROLE_NAME], "policy_arn": ECS_POLICY},
        ),
        at="aws_iam_policy_attachment.more",
    ),
)
