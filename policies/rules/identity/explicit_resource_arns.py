"""Policies name the resources they allow something on."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import spelled_out, why_vague
from policies.graph.iam import Statement
from policies.graph.policies import TRUST, Policy, actions_in, policies_of
from policies.mutant import Mutant, add, append, both, drop, put
from policies.reference.actions import takes_no_resource
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="explicit-resource-arns",
    title="Policy names the ARN of every resource that it allows actions on",
    severity=Severity.HIGH,
    clauses=("P.7.4", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="A wildcard grants today what somebody creates tomorrow. Only actions that AWS cannot limit to resources "
    "have to stand with `*`, and they may stand with nothing else.",
    remediation="Write ARNs into Resource, a wildcard only below a named resource (objects of a bucket, streams of a "
    "log group), and give actions that support no resource-level permission a statement of their own.",
    source=Source("https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html", "2026-11-22"),
    applies_to=("aws_*",),
    baseline=True,
)

EVERYTHING = frozenset("*?")
ANY_INTERFACE, BY_CODE = ":network-interface/*", "lambda:SourceFunctionArn"
INTERFACE_ACTIONS = frozenset(
    {
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:UnassignPrivateIpAddresses",
    }
)


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per resource of each Allow statement, in whatever form the policy is written."""
    for policy in policies_of(resource, graph):
        for statement in policy.allows if policy.form != TRUST else ():
            yield from _of_statement(statement, policy, graph)


def _of_statement(statement: Statement, policy: Policy, graph: Graph) -> Iterator[Finding]:
    if statement.not_resources:
        yield finding(statement.place, "NotResource", statement.not_resources, "Resource, with ARNs")
    elif not statement.resources and not policy.speaks_of_its_holder:
        yield finding(statement.place, "Resource", None, "ARNs")
    for template in statement.resources:
        text = spelled_out(statement.place, "Resource", template, graph)
        if not set(text) <= EVERYTHING:
            if (reason := why_vague(text)) and not _is_interface_of_a_function(text, statement, policy):
                yield finding(statement.place, "Resource", template, "an explicit ARN", f"{template}: {reason}")
        elif not policy.speaks_of_its_holder:
            limitable = [action for action in actions_in(statement) if not takes_no_resource(action)]
            if limitable or not statement.actions:
                message = f"`*` with actions that can be limited to resources: {', '.join(limitable)}"
                yield finding(statement.place, "Resource", template, "explicit ARNs", message)


def _is_interface_of_a_function(text: str, statement: Statement, policy: Policy) -> bool:
    """Network interfaces that Lambda makes for a function, whose ids only AWS knows, where its code may not touch them.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (2026-11-26)
    """
    asked = set(actions_in(statement))
    if not text.endswith(ANY_INTERFACE) or not asked <= INTERFACE_ACTIONS or why_vague(text.removesuffix("*") + "x"):
        return False
    return any(
        asked <= set(actions_in(other)) and set(other.resources) == {"*"} and other.condition_values(BY_CODE)
        for other in policy.statements
        if not other.allows and [item.key.lower() for item in other.conditions] == [BY_CODE.lower()]
    )


ROLE_POLICY = "aws_iam_role_policy.payment-api-execution-role"
FLOW_POLICY = "aws_iam_role_policy.flow-log"
TASK_ROLE = "aws_iam_role.payment-api-task-role"
BUCKET_POLICY = "aws_s3_bucket_policy.access-logs"
ROLE_ID = "${aws_iam_role.payment-api-task-role.id}"
GRANT = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "%s", "Resource": %s}]}'
FUNCTION_POLICY = "aws_iam_role_policy.redeployment"
MUTANTS = (
    Mutant(
        "interfaces that the code of a function may touch",
        drop(FUNCTION_POLICY, "policy.Statement[4]"),
        at=FUNCTION_POLICY,
        also=("redeployment-function-reach",),
        stack="gateway",
    ),
    Mutant(
        "another action on every interface",
        append(FUNCTION_POLICY, "policy.Statement[2].Action", "ec2:AttachNetworkInterface"),
        at=FUNCTION_POLICY,
        also=("redeployment-function-reach",),
        stack="gateway",
    ),
    Mutant(
        "interfaces of every account",
        put(FUNCTION_POLICY, "policy.Statement[2].Resource", "arn:aws:ec2:us-east-1:*:network-interface/*"),
        at=FUNCTION_POLICY,
        stack="gateway",
    ),
    Mutant(
        "everything, as a text",
        put(FLOW_POLICY, "policy.Statement[0].Resource", "*"),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "everything, beside an ARN",
        append(FLOW_POLICY, "policy.Statement[0].Resource", "*"),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "an action that can be limited joins one that cannot",
        append("aws_vpc_endpoint.ecr-api", "policy.Statement[0].Action", "ecr:BatchGetImage"),
        at="aws_vpc_endpoint.ecr-api",
    ),
    Mutant(
        "every log group of every account",
        put(FLOW_POLICY, "policy.Statement[0].Resource", "arn:aws:logs:*:*:log-group:/aws/x"),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "a wildcard after a reference",
        put(FLOW_POLICY, "policy.Statement[0].Resource", "${aws_cloudwatch_log_group.vpc-flows.arn}*"),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "a wildcard in a local",
        both(
            lambda document: document.update(locals={"everything": "*"}),
            put(FLOW_POLICY, "policy.Statement[0].Resource", ["${local.everything}"]),
        ),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "a wildcard in an ARN kept in a data source, of which Terraform knows the rest",
        both(
            add("data.aws_arn.kept", {"arn": "arn:aws:s3:::*-${aws_s3_bucket.access-logs.id}"}),
            put(FLOW_POLICY, "policy.Statement[0].Resource", "${data.aws_arn.kept.arn}"),
        ),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "a wildcard in a name kept in a data source, of which Terraform knows the rest",
        both(
            add("data.aws_s3_bucket.kept", {"bucket": "*-${aws_s3_bucket.access-logs.id}"}),
            put(FLOW_POLICY, "policy.Statement[0].Resource", "arn:aws:s3:::${data.aws_s3_bucket.kept.bucket}/*"),
        ),
        at=FLOW_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "all but one",
        both(
            drop(FLOW_POLICY, "policy.Statement[0].Resource"),
            put(FLOW_POLICY, "policy.Statement[0].NotResource", ["arn:aws:s3:::secrets"]),
        ),
        at=FLOW_POLICY,
    ),
    Mutant(
        "an inline policy in the role",
        put(TASK_ROLE, "inline_policy", [{"name": "more", "policy": GRANT % ("s3:GetObject", '"arn:aws:s3:::*"')}]),
        at=TASK_ROLE,
        also=("task-role-reach",),
    ),
    Mutant(
        "a policy as a document of its own",
        both(
            add(
                "data.aws_iam_policy_document.more",
                {"statement": {"actions": ["dynamodb:GetItem"], "resources": ["arn:aws:dynamodb:*:*:table/*"]}},
            ),
            add(
                "aws_iam_role_policy.more",
                {
                    "name": "role-policy-more-production-pr42",
                    "role": ROLE_ID,
                    "policy": "${data.aws_iam_policy_document.more.json}",
                },
            ),
        ),
        at="aws_iam_role_policy.more",
        also=("task-role-reach",),
    ),
    Mutant(
        "a managed policy, encoded by Terraform",
        both(
            add(
                "aws_iam_policy.more",
                {
                    "name": "iam-policy-more-production-pr42",
                    "policy": '${jsonencode({"Statement" = [{ Effect = "Allow", Action = ["sqs:SendMessage"], '
                    'Resource = "*" }]})}',
                },
            ),
            add(
                "aws_iam_role_policy_attachment.more",
                {"role": "${aws_iam_role.payment-api-task-role.name}", "policy_arn": "${aws_iam_policy.more.arn}"},
            ),
        ),
        at="aws_iam_policy.more",
        also=("task-role-reach",),
    ),
    Mutant(
        "all buckets in a bucket policy",
        put(BUCKET_POLICY, "policy.Statement[0].Resource", "arn:aws:s3:::*/alb/*"),
        at=BUCKET_POLICY,
    ),
    Mutant(
        "a queue's policy, on a type with another attribute",
        add(
            "aws_cloudwatch_event_bus_policy.more",
            {
                "event_bus_name": "default",
                "policy": '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": '
                '"arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"}, "Action": "events:PutEvents", '
                '"Resource": "*"}]}',
            },
        ),
        at="aws_cloudwatch_event_bus_policy.more",
    ),
)
