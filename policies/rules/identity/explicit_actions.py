"""Policies name each action they allow."""

import re
from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.policies import actions_in, policies_of
from policies.mutant import Mutant, append, both, drop, put
from policies.reference.actions import exists
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="explicit-actions",
    title="Policy names every action that it allows, and each of them exists",
    severity=Severity.HIGH,
    clauses=("P.7.4", "G.3.3"),
    pci_dss=("7.2.1", "7.2.2", "7.2.5"),
    rationale="`s3:*` grants what nobody asked for, NotAction grants all other services, and a misspelt action grants "
    "or denies nothing at all without a word.",
    remediation="List the actions one by one, as the service authorization reference spells them; to forbid something, "
    "write a Deny statement.",
    source=Source(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html", "2026-11-22"
    ),
    applies_to=("aws_*",),
    baseline=True,
)


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per action; what a Deny statement forbids may be a pattern."""
    for policy in policies_of(resource, graph):
        for statement in policy.statements:
            if statement.allows and not statement.actions:
                yield finding(statement.place, "Action", statement.not_actions or None, "actions by name")
            for action in actions_in(statement):
                is_pattern = bool(re.search(r"[*?]", action))
                if is_pattern and statement.allows:
                    yield finding(statement.place, "Action", action, "actions by name")
                elif not is_pattern and not exists(action):
                    message = f"{action} is no action of AWS"
                    yield finding(statement.place, "Action", action, "an action that exists", message)


ROLE_POLICY = "aws_iam_role_policy.flow-log"
BUCKET_POLICY = "aws_s3_bucket_policy.access-logs"
ENDPOINT = "aws_vpc_endpoint.s3"
MUTANTS = (
    Mutant(
        "all of a service",
        append(ROLE_POLICY, "policy.Statement[0].Action", "logs:*"),
        at=ROLE_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "part of a service",
        append(ROLE_POLICY, "policy.Statement[0].Action", "logs:Put*"),
        at=ROLE_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "everything, as a text",
        put(ROLE_POLICY, "policy.Statement[0].Action", "*"),
        at=ROLE_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "a typing error",
        append(ROLE_POLICY, "policy.Statement[0].Action", "logs:PutLogEvent"),
        at=ROLE_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant(
        "all but one",
        both(
            drop(ROLE_POLICY, "policy.Statement[0].Action"),
            put(ROLE_POLICY, "policy.Statement[0].NotAction", ["iam:PassRole"]),
        ),
        at=ROLE_POLICY,
        also=("flow-log-role-reach",),
    ),
    Mutant("all of S3 through the endpoint", put(ENDPOINT, "policy.Statement[0].Action", ["s3:*"]), at=ENDPOINT),
    Mutant(
        "all of S3 for the log delivery",
        put(BUCKET_POLICY, "policy.Statement[0].Action", "s3:*"),
        at=BUCKET_POLICY,
        also=("access-log-bucket",),
    ),
    Mutant(
        "a Deny that denies nothing",
        put(BUCKET_POLICY, "policy.Statement[1].Action", ["s3:*", "s3:PutBucketAlc"]),
        at=BUCKET_POLICY,
    ),
)
