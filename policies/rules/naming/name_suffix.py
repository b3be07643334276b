"""Every name holds the environment suffix."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.mutant import Mutant, add, both, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.naming._names import holds, names, suffix_of
from policies.spec import Spec

RULE = Rule(
    id="name-suffix",
    title="Resource has a name, and the environment suffix is part of it",
    severity=Severity.MEDIUM,
    clauses=("P.11.4", "G.9.2"),
    pci_dss=(),
    rationale="Two environments in one account collide on the first name without a suffix, and whoever cleans up one "
    "of them cannot tell what belongs to it.",
    remediation="End the name with the environment suffix; types without a name argument bear it in the tag Name.",
    source=Source(
        "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
        "2026-11-22",
    ),
    applies_to=("aws_*",),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per name that is missing or without suffix; in DNS names the suffix is a part of a label."""
    suffix = suffix_of(graph, spec)
    for name in names(graph):
        if name.text is None or not holds(name.text, suffix):
            yield finding(name.resource, name.attribute, name.text, f"a name with {suffix}")


CLUSTER, BUCKET, VPC = "aws_ecs_cluster.main", "aws_s3_bucket.access-logs", "aws_vpc.main"
ENTRANCE, ROLE_POLICY = "aws_route53_record.entrance", "aws_iam_role_policy.flow-log"
INSIGHTS = "aws_cloudwatch_log_group.container-insights"
PATTERN = ("name-pattern",)  # what is no suffix is something that the pattern does not know
MUTANTS = (
    Mutant("none", put(ROLE_POLICY, "name", "role-policy-flow-log-production"), at=ROLE_POLICY),
    Mutant(
        "of another environment",
        put(ROLE_POLICY, "name", "role-policy-flow-log-production-pr43"),
        at=ROLE_POLICY,
        also=PATTERN,
    ),
    Mutant(
        "a longer one", put(ROLE_POLICY, "name", "role-policy-flow-log-production-pr421"), at=ROLE_POLICY, also=PATTERN
    ),
    Mutant("left to Terraform", drop(ROLE_POLICY, "name"), at=ROLE_POLICY),
    Mutant(
        "a prefix for AWS to complete",
        both(drop(ROLE_POLICY, "name"), put(ROLE_POLICY, "name_prefix", "role-policy-production-pr42")),
        at=ROLE_POLICY,
    ),
    Mutant("no Name tag", drop(VPC, "tags"), at=VPC),
    Mutant("a Name tag without it", put(VPC, "tags.Name", "vpc-production"), at=VPC),
    Mutant(
        "a bucket for all environments", change(BUCKET, "bucket", lambda name: name.removesuffix("-pr42")), at=BUCKET
    ),
    Mutant("an entrance for all environments", put(ENTRANCE, "name", "payments.example.com"), at=ENTRANCE),
    Mutant(
        "a queue",
        add("aws_sqs_queue.retries", {"name": "sqs-queue-retries-production"}),
        at="aws_sqs_queue.retries",
    ),
)
