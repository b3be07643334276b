"""Buckets state how they encrypt."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, algorithms
from policies.spec import Spec

RULE = Rule(
    id="bucket-encrypted",
    title="Bucket states its default encryption",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("3.5.1", "10.3.2"),
    rationale="AWS encrypts new objects either way; what is stated can be shown to an auditor and cannot drift unseen.",
    remediation="Declare aws_s3_bucket_server_side_encryption_configuration with AES256 or aws:kms.",
    source=Source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html", "2026-11-22"),
    applies_to=(BUCKET,),
    baseline=True,
)

STRONG = ("AES256", "aws:kms", "aws:kms:dsse")


def check_each(bucket: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per bucket without encryption, or with one that is none."""
    found = algorithms(bucket, graph)
    if not found or any(algorithm not in STRONG for algorithm in found):
        yield finding(bucket, "", found or None, STRONG)


LOGS, ENCRYPTION = "aws_s3_bucket.access-logs", "aws_s3_bucket_server_side_encryption_configuration.access-logs"
ALGORITHM = "rule[0].apply_server_side_encryption_by_default"
MUTANTS = (
    Mutant("not stated", drop(ENCRYPTION), at=LOGS),
    Mutant("rule without an algorithm", drop(ENCRYPTION, ALGORITHM), at=LOGS, also=("access-log-bucket",)),
    Mutant("of another bucket", put(ENCRYPTION, "bucket", "somebody-elses-logs"), at=LOGS),
)
