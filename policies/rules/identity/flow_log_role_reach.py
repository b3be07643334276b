"""The role that records flows writes to their log group, and does nothing else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import is_log_group_or_below
from policies.graph.policies import actions_in
from policies.graph.roles import role_of, statements_of
from policies.mutant import Mutant, add, append
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

GROUP = "aws_cloudwatch_log_group"
WRITE = frozenset({"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"})
RULE = Rule(
    id="flow-log-role-reach",
    title="Role of the flow log writes to the flow log's group and does nothing else",
    severity=Severity.HIGH,
    clauses=("P.7.3", "G.3.3"),
    pci_dss=("7.2.2", "10.3.2"),
    rationale="A role that nobody looks at is where an additional right stays unnoticed longest.",
    remediation="Leave the three write actions on the group of the flow log, and remove the rest.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html", "2026-11-26"),
    applies_to=("aws_flow_log", "aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"),
)


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at the policies of the roles of flow logs."""
    for flow_log in graph.of_type("aws_flow_log"):
        yield from _of_flow_log(flow_log, graph)


def _of_flow_log(flow_log: Resource, graph: Graph) -> Iterator[Finding]:
    """One finding per action, and per resource, beyond writing to the group; one that goes to a bucket has no role."""
    role = role_of(flow_log, "iam_role_arn", graph)
    if role is None:
        return
    groups = graph.targets_of(flow_log, "log_destination", GROUP)
    for statement in statements_of(role, graph):
        if not statement.allows:
            continue
        if beyond := [action for action in actions_in(statement) or ("all but some",) if action not in WRITE]:
            yield finding(statement.place, "Action", beyond, sorted(WRITE))
        for template in statement.resources:
            if not any(is_log_group_or_below(template, group, graph) for group in groups):
                yield finding(statement.place, "Resource", template, "the log group of the flow log")


POLICY, EXTRA = "aws_iam_role_policy.flow-log", "aws_iam_role_policy.extra"
READING = (
    '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${aws_s3_bucket.access-logs.arn}/a"}]}'
)
MUTANTS = (
    Mutant(
        "deletes what it has written", append(POLICY, "policy.Statement[0].Action", "logs:DeleteLogGroup"), at=POLICY
    ),
    Mutant(
        "another log group",
        append(POLICY, "policy.Statement[0].Resource", "${aws_cloudwatch_log_group.payment-api.arn}"),
        at=POLICY,
    ),
    Mutant(
        "a second policy",
        add(
            EXTRA,
            {"name": "role-policy-extra-production-pr42", "role": "${aws_iam_role.flow-log.id}", "policy": READING},
        ),
        at=EXTRA,
    ),
)
