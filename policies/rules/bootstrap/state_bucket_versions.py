"""A state that was written over can be brought back for as long as the spec says; a current one never expires."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.values import Values
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, beside
from policies.spec import Spec

VERSIONING, LIFECYCLE = "aws_s3_bucket_versioning", "aws_s3_bucket_lifecycle_configuration"
RULE = Rule(
    id="state-bucket-versions",
    title="State bucket keeps every version as long as the spec says, and current states for ever",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("6.5.2", "10.3.4"),
    rationale="A state that a broken run wrote over, or somebody deleted, is brought back from its last version; there "
    "is no other copy.",
    remediation="Enable versioning, expire noncurrent versions only, and no sooner than `state.keep_versions_days`.",
    source=Source("https://developer.hashicorp.com/terraform/language/backend/s3", "2026-11-26"),
    applies_to=(BUCKET,),
)


def check_each(bucket: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for a bucket without versions, and for lifecycle rules that take versions or states too soon."""
    found = [item.text("versioning_configuration.status") for item in beside(bucket, VERSIONING, graph)]
    if found != ["Enabled"]:
        yield finding(bucket, "", f"versioning {', '.join(map(str, found)) or 'not stated'}", "Enabled, once")
    for configuration in beside(bucket, LIFECYCLE, graph):
        for rule in configuration.blocks("rule"):
            yield from _of_rule(bucket, rule, spec.get("state.keep_versions_days"))


def _of_rule(bucket: Resource, rule: Values, shortest_days: int) -> Iterator[Finding]:
    for block in rule.blocks("noncurrent_version_expiration"):
        days = block.number("noncurrent_days", 0) or 0
        if days < shortest_days:
            yield finding(bucket, "", f"noncurrent versions expire after {days} days", f"{shortest_days} or more")
        if block.has("newer_noncurrent_versions") and block.get("newer_noncurrent_versions") not in (None, 0):
            yield finding(bucket, "", "versions expire by their number", "by their age only")
    for block in rule.blocks("expiration"):
        if (block.has("days") and block.number("days", 0)) or (block.has("date") and block.text("date", "")):
            yield finding(bucket, "", "current states expire", "noncurrent versions only")
    for kind in ("transition", "noncurrent_version_transition"):
        if rule.blocks(kind):
            yield finding(bucket, "", f"{kind} to another class", "no transition: a state is read at once")


STATE, VERSIONS, EXPIRY = f"{BUCKET}.state", f"{VERSIONING}.state", f"{LIFECYCLE}.state"
AGE = "rule[0].noncurrent_version_expiration[0].noncurrent_days"
MUTANTS = (
    Mutant("suspended", put(VERSIONS, "versioning_configuration.status", "Suspended"), at=STATE, stack="bootstrap"),
    Mutant("not stated", drop(VERSIONS), at=STATE, stack="bootstrap"),
    Mutant("of another bucket", put(VERSIONS, "bucket", "somebody-elses"), at=STATE, stack="bootstrap"),
    Mutant(
        "a second word on it",
        add(
            f"{VERSIONING}.second",
            {"bucket": "${aws_s3_bucket.state.id}", "versioning_configuration": {"status": "Suspended"}},
        ),
        at=STATE,
        stack="bootstrap",
    ),
    Mutant("gone in a month", put(EXPIRY, AGE, 30), at=STATE, stack="bootstrap"),
    Mutant(
        "only so many",
        put(EXPIRY, "rule[0].noncurrent_version_expiration[0].newer_noncurrent_versions", 3),
        at=STATE,
        stack="bootstrap",
    ),
    Mutant("current states expire", put(EXPIRY, "rule[0].expiration[0].days", 400), at=STATE, stack="bootstrap"),
    Mutant(
        "current states go to the archive",
        put(EXPIRY, "rule[0].transition", [{"days": 30, "storage_class": "GLACIER"}]),
        at=STATE,
        stack="bootstrap",
    ),
)
