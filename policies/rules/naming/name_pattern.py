"""Every name says what it is, of what, and where, in that order."""

import re
from collections.abc import Iterator

from policies.graph import Graph
from policies.mutant import Mutant, add, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.naming._names import holds, names, pattern_of, suffix_of
from policies.spec import Spec

RULE = Rule(
    id="name-pattern",
    title="Resource name follows the pattern of the spec",
    severity=Severity.LOW,
    clauses=("P.11.5", "G.9.3"),
    pci_dss=(),
    rationale="People and scripts find resources by their names; one that begins with something else is not found.",
    remediation="Name it {type}-{component}-{environment}-{suffix}, the type in the words of policies/rules/naming.",
    source=Source(
        "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
        "2026-11-22",
    ),
    applies_to=("aws_*",),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per name of another form. Whether the suffix is there is the matter of name-suffix."""
    suffix = suffix_of(graph, spec)
    patterns: dict[tuple[str, bool], re.Pattern[str]] = {}
    for name in names(graph):
        if name.text is None or name.is_dns:
            continue
        key = name.kind, holds(name.text, suffix)
        if key not in patterns:
            patterns[key] = re.compile(pattern_of(spec, name.kind, f"-{re.escape(suffix)}" if key[1] else ""))
        if not patterns[key].fullmatch(name.text):
            yield finding(name.resource, name.attribute, name.text, spec.get("naming.pattern"))


VPC, SUBNET = "aws_vpc.main", "aws_subnet.private-us-east-1a"
ROLE_POLICY, BUCKET = "aws_iam_role_policy.flow-log", "aws_s3_bucket.access-logs"
MUTANTS = (
    Mutant("another order", put(ROLE_POLICY, "name", "flow-log-role-policy-production-pr42"), at=ROLE_POLICY),
    Mutant("no environment", put(ROLE_POLICY, "name", "role-policy-flow-log-pr42"), at=ROLE_POLICY),
    Mutant("another environment", put(ROLE_POLICY, "name", "role-policy-flow-log-staging-pr42"), at=ROLE_POLICY),
    Mutant(
        "the suffix in the middle", put(ROLE_POLICY, "name", "role-policy-pr42-flow-log-production"), at=ROLE_POLICY
    ),
    Mutant("another type", put(VPC, "tags.Name", "network-production-pr42"), at=VPC),
    Mutant(
        "a private subnet that calls itself something", put(SUBNET, "tags.Name", "subnet-a-production-pr42"), at=SUBNET
    ),
    Mutant("a bucket of the company", change(BUCKET, "bucket", lambda name: f"acme-{name}"), at=BUCKET),
    Mutant(
        "a queue",
        add("aws_sqs_queue.retries", {"name": "retries-production-pr42"}),
        at="aws_sqs_queue.retries",
    ),
)
