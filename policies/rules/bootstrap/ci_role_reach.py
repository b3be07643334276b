"""The CI role reaches what the stacks consist of: by suffixes of names, by tags, or by what the spec names."""

import re
from collections.abc import Iterator, Mapping

from policies.graph import Graph, Resource
from policies.graph.arns import Arn, arn_of
from policies.graph.iam import Statement
from policies.mutant import Mutant, append, drop, put
from policies.reference.actions import exists, manages_permissions, takes_no_resource
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.bootstrap._ci import BUCKET, KEY, POLICY, account, granted, limits, resource_texts
from policies.rules.identity.permissions_management import WAYS_TO_OTHER_RIGHTS
from policies.spec import Spec

RULE = Rule(
    id="ci-role-reach",
    title="IAM role of CI may do named actions on resources of the stacks, told by suffix, by tag or by the spec",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="The role is as strong as the weakest workflow that may take it on. What it does not reach, a stolen "
    "token cannot harm.",
    remediation="Name actions and ARNs that end in a suffix of `ci.suffixes`, or hold the statement to `ci.tags`; what "
    "AWS limits by neither stands in `ci.unlimited` or `ci.named`, reviewed by security.",
    source=Source(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/"
        "reference_policies_actions-resources-contextkeys.html",
        "2026-11-26",
    ),
    applies_to=(POLICY, "aws_iam_role_policy", "aws_iam_role"),
)

READS = re.compile(r"[a-z0-9-]+:(Describe|Get|List)[A-Za-z0-9]*")
# What AWS appends to the name of a resource, or puts below it.
_ENDING = r"(:\*|/\*|-\?{6}|/performance(:\*)?)?"


def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per action and per resource of each Allow statement that no boundary is."""
    for statement in granted(resource, graph):
        if statement.not_actions or statement.not_resources:
            yield finding(statement.place, "NotAction", "all but some", "Action and Resource")
        yield from _of_actions(statement, spec)
        for template, text in resource_texts(statement, graph):
            if not _is_own(template, graph) and (expected := _beyond(text, statement, graph, spec)):
                yield finding(statement.place, "Resource", template, expected)


def _of_actions(statement: Statement, spec: Spec) -> Iterator[Finding]:
    listed = {name.lower() for name in spec.get("ci.role_actions")}
    for action in statement.actions:
        if not exists(action):
            yield finding(statement.place, "Action", action, "the whole name of an action")
        elif (manages_permissions(action) or action.lower() in WAYS_TO_OTHER_RIGHTS) and action.lower() not in listed:
            yield finding(
                statement.place, "Action", action, "an action that gives rights only if ci.role_actions lists it"
            )


def _is_own(template: str, graph: Graph) -> bool:
    """The state bucket and its key: ci-role-state judges what may be done to them."""
    return bool(graph.lookup(template, BUCKET, KEY))


def _beyond(text: str, statement: Statement, graph: Graph, spec: Spec) -> str:
    """What a resource would have to be, "" when it is within reach."""
    if set(text) <= {"*"}:
        unlimited = {name.lower() for name in spec.get("ci.unlimited")}
        tagged = _held_to_tags(statement, spec)
        beyond = [
            action
            for action in statement.actions
            if action.lower() not in unlimited
            and not (takes_no_resource(action) and (READS.fullmatch(action) or tagged))
        ]
        return f"ARNs for {', '.join(beyond)}" if beyond else ""
    arn = arn_of(text)
    if arn is None or not _is_here(arn, graph, spec):
        return "an ARN of this account and region"
    if arn.resource in spec.get("ci.named") or _held_to_tags(statement, spec) or _ends_in_suffix(arn.resource, spec):
        return ""
    return "a name that ends in a suffix of ci.suffixes, the tags of ci.tags as a condition, or one of ci.named"


def _is_here(arn: Arn, graph: Graph, spec: Spec) -> bool:
    """S3 and Route 53 name neither account nor region, IAM no region."""
    return arn.region in ("", spec.get("region")) and arn.account in ("", account(graph)) and "*" not in arn.service


def _held_to_tags(statement: Statement, spec: Spec) -> bool:
    tags = spec.get("ci.tags").items()
    kinds = ("aws:RequestTag", "aws:ResourceTag")
    return any(all(limits(statement, f"{kind}/{key}") == (value,) for key, value in tags) for kind in kinds)


def _ends_in_suffix(resource: str, spec: Spec) -> bool:
    ends = "|".join(re.escape(suffix) for suffix in spec.get("ci.suffixes"))
    found = re.fullmatch(rf"(?P<name>.*)-({ends})(/ecs-service-\*-({ends}))?{_ENDING}", resource)
    if found is None:
        return False
    written = found["name"].partition("*")[0]  # `role/*-prod` would be every role of that suffix
    return bool(written) and written[-1] not in "/:"


NETWORK, DATA, IDENTITY = f"{POLICY}.ci-network", f"{POLICY}.ci-data", f"{POLICY}.ci-identity"
PASSES = ("ci-role-passes",)
EXTRA = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::somebody-elses/*"}
REPOSITORIES = "arn:aws:ecr:us-east-1:${data.aws_caller_identity.current.account_id}:repository/"
ROLES = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/"


def also(statement: Mapping[str, object], name: str, policy: str = DATA, at_once: tuple[str, ...] = ()) -> Mutant:
    """One statement more. at_once: rules that turn red with it."""
    edit = append(policy, "policy.Statement", statement)
    return Mutant(name, edit, at=policy, also=at_once, stack="bootstrap")


MUTANTS = (
    also(EXTRA, "a bucket of somebody else"),
    also({**EXTRA, "Action": "*", "Resource": "*"}, "everything", at_once=PASSES),
    also({**EXTRA, "Action": "ec2:*"}, "a whole service", NETWORK),
    also({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "all but IAM"),
    also({**EXTRA, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}, "every secret"),
    also({**EXTRA, "Action": "iam:AttachRolePolicy", "Resource": f"{ROLES}task-role-*-prod"}, "managed policies"),
    also({**EXTRA, "Action": "iam:CreateUser", "Resource": f"{ROLES}x"}, "users", IDENTITY),
    also({**EXTRA, "Action": "iam:GetRole", "Resource": f"{ROLES}*-prod"}, "every role of a suffix", IDENTITY),
    also({**EXTRA, "Action": "ecs:DescribeClusters", "Resource": "arn:aws:ecs:us-east-1:210987654321:cluster/a-prod"},
         "another account"),
    also({**EXTRA, "Action": "sts:AssumeRole", "Resource": f"{ROLES}task-role-x-prod"}, "roles of the stacks"),
    Mutant(
        "networks without a tag", drop(NETWORK, "policy.Statement[3].Condition"), at=NETWORK, stack="bootstrap"
    ),
    Mutant(
        "networks of another tag",
        put(NETWORK, "policy.Statement[3].Condition.StringEquals", {"aws:ResourceTag/Environment": "test"}),
        at=NETWORK,
        stack="bootstrap",
    ),
    Mutant(
        "networks that look like it",
        put(NETWORK, "policy.Statement[3].Condition", {"StringLike": {"aws:ResourceTag/Environment": "*"}}),
        at=NETWORK,
        stack="bootstrap",
    ),
    Mutant(
        "another suffix",
        append(DATA, "policy.Statement[0].Resource", f"{REPOSITORIES}ecr-repository-x-dev"),
        at=DATA,
        stack="bootstrap",
    ),
    Mutant(
        "an inline policy",
        put("aws_iam_role.ci", "inline_policy", {"name": "x", "policy": '{"Statement": [{"Effect": "Allow", '
            '"Action": "*", "Resource": "*"}]}'}),
        at="aws_iam_role.ci",
        also=PASSES,
        stack="bootstrap",
    ),
)  # fmt: skip
