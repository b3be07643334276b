"""Access to a bucket is what policies say; access lists are switched off."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, beside
from policies.spec import Spec

CONTROLS = "aws_s3_bucket_ownership_controls"
RULE = Rule(
    id="bucket-without-acls",
    title="Bucket owner owns every object, and access lists are off",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("7.2.1", "10.3.1"),
    rationale="An access list on one object grants what no policy shows.",
    remediation="Declare aws_s3_bucket_ownership_controls with BucketOwnerEnforced, and no aws_s3_bucket_acl.",
    source=Source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html", "2026-11-22"),
    applies_to=(BUCKET,),
    baseline=True,
)


def check_each(bucket: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a bucket whose ownership is not stated or not enforced, and per access list."""
    controls = beside(bucket, CONTROLS, graph)
    owners = [rule.text("object_ownership") for item in controls for rule in item.blocks("rule")]
    if not owners or any(owner != "BucketOwnerEnforced" for owner in owners):
        yield finding(bucket, "", owners or None, "BucketOwnerEnforced")
    for item in beside(bucket, "aws_s3_bucket_acl", graph):
        yield finding(bucket, "", item.address, "no access list")
    if bucket.text("acl", "private") != "private":
        yield finding(bucket, "acl", bucket.text("acl"), "no access list")


LOGS, OWNERS = "aws_s3_bucket.access-logs", f"{CONTROLS}.access-logs"
MUTANTS = (
    Mutant("writers own what they write", put(OWNERS, "rule.object_ownership", "ObjectWriter"), at=LOGS),
    Mutant("not stated", drop(OWNERS), at=LOGS),
    Mutant(
        "access list beside it",
        add("aws_s3_bucket_acl.added", {"bucket": f"${{{LOGS}.id}}", "acl": "log-delivery-write"}),
        at=LOGS,
    ),
    Mutant("access list on it", put(LOGS, "acl", "public-read"), at=LOGS),
)
