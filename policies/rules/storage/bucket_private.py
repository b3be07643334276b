"""No access list and no policy can make a bucket public."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, beside
from policies.spec import Spec

BLOCK = "aws_s3_bucket_public_access_block"
RULE = Rule(
    id="bucket-private",
    title="Bucket blocks public access in all four ways",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("1.4.4", "7.2.1", "10.3.1"),
    rationale="The block is the only setting that outlives a careless policy or access list.",
    remediation="Declare aws_s3_bucket_public_access_block for the bucket with all four settings true.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html", "2026-11-22"
    ),
    applies_to=(BUCKET,),
    baseline=True,
)

SETTINGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def check_each(bucket: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a bucket without a block, and per setting that is off, as it is unless stated."""
    blocks = beside(bucket, BLOCK, graph)
    if not blocks:
        yield finding(bucket, "", None, BLOCK)
    for block in blocks:
        for setting in SETTINGS:
            if not block.boolean(setting, False):
                yield finding(bucket, "", f"{block.address} with {setting} {block.get(setting)}", True)


LOGS, CLOSED = "aws_s3_bucket.access-logs", f"{BLOCK}.access-logs"
MUTANTS = (
    Mutant("no block", drop(CLOSED), at=LOGS),
    Mutant("policies may publish", put(CLOSED, "block_public_policy", False), at=LOGS),
    Mutant("left to the default", drop(CLOSED, "restrict_public_buckets"), at=LOGS),
    Mutant("of another bucket", put(CLOSED, "bucket", "somebody-elses-logs"), at=LOGS),
    Mutant("of a bucket whose name begins with this one's", put(CLOSED, "bucket", f"${{{LOGS}.id}}-old"), at=LOGS),
    Mutant(
        "second block that opens again",
        add(f"{BLOCK}.second", {"bucket": f"${{{LOGS}.id}}", "block_public_acls": True, "ignore_public_acls": True}),
        at=LOGS,
    ),
)
