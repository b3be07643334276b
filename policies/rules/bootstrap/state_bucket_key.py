"""States lie under a key of the bootstrap stack: who reads them needs rights on it, too."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, ENCRYPTION, beside
from policies.spec import Spec

RULE = Rule(
    id="state-bucket-key",
    title="State bucket encrypts with a KMS key of this stack",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("3.5.1", "3.6.1"),
    rationale="A state tells everything that is deployed. Under a key of its own, reading it takes two rights: on the "
    "object and on the key.",
    remediation="Set sse_algorithm to aws:kms, kms_master_key_id to the key of the stack, bucket_key_enabled to true.",
    source=Source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html", "2026-11-26"),
    applies_to=(BUCKET,),
)


def check_each(bucket: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a bucket whose default encryption is another one, or under somebody else's key."""
    rules = [rule for item in beside(bucket, ENCRYPTION, graph) for rule in item.blocks("rule")]
    if len(rules) != 1:
        yield finding(bucket, "", f"{len(rules)} rules of default encryption", "one")
    for rule in rules:
        applied = rule.block("apply_server_side_encryption_by_default")
        algorithm = applied.text("sse_algorithm") if applied else None
        key = applied.get("kms_master_key_id") if applied else None
        if algorithm != "aws:kms" or not key or not graph.lookup(key, "aws_kms_key"):
            yield finding(
                bucket, "", f"{algorithm} under {key or 'the key of AWS'}", "aws:kms under a key of this stack"
            )
        if not rule.boolean("bucket_key_enabled", False):
            yield finding(bucket, "", "a call to KMS for each object", "bucket_key_enabled true")


STATE, HOW = f"{BUCKET}.state", f"{ENCRYPTION}.state"
DEFAULT = "rule[0].apply_server_side_encryption_by_default"
MUTANTS = (
    Mutant("the key of S3", put(HOW, DEFAULT, {"sse_algorithm": "AES256"}), at=STATE, stack="bootstrap"),
    Mutant("the key of AWS", drop(HOW, f"{DEFAULT}.kms_master_key_id"), at=STATE, stack="bootstrap"),
    Mutant(
        "somebody else's key",
        put(HOW, f"{DEFAULT}.kms_master_key_id", "arn:aws:kms:us-east-1:210987654321:key/1"),
        at=STATE,
        also=("encryption-keys",),
        stack="bootstrap",
    ),
    Mutant("a call for each object", drop(HOW, "rule[0].bucket_key_enabled"), at=STATE, stack="bootstrap"),
)
