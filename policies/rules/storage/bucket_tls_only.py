"""Nobody may speak plain HTTP to a bucket."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.iam import Statement
from policies.mutant import Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, policy_statements
from policies.spec import Spec

RULE = Rule(
    id="bucket-tls-only",
    title="Bucket policy denies everybody every action over plain HTTP",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("4.2.1",),
    rationale="S3 answers on port 80 too, and a tool that was set up wrongly sends logs and signatures in the clear.",
    remediation="Deny s3:* to Principal * on the bucket and its objects where aws:SecureTransport is false.",
    source=Source("https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html", "2026-11-22"),
    applies_to=(BUCKET,),
    baseline=True,
)

EVERY_ACTION = ("s3:*", "*")


def check_each(bucket: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per bucket that lacks the denial, or whose denial leaves something out."""
    if not any(_denies_plain_http(item, bucket, graph) for item in policy_statements(bucket, graph)):
        yield finding(bucket, "policy", "plain HTTP is not denied", "a denial for everybody and everything")


def _denies_plain_http(item: Statement, bucket: Resource, graph: Graph) -> bool:
    if item.allows or item.not_principals or item.not_actions or item.not_resources:
        return False
    conditions = [(c.operator.lower(), c.key.lower(), tuple(v.lower() for v in c.values)) for c in item.conditions]
    return (
        conditions == [("bool", "aws:securetransport", ("false",))]
        and any(principal.value == "*" for principal in item.principals)
        and any(action in EVERY_ACTION for action in item.actions)
        and {"", "/*"} <= {part for text in item.resources for part in _parts(text, bucket, graph)}
    )


def _parts(resource: str, bucket: Resource, graph: Graph) -> tuple[str, ...]:
    """What a resource of a statement means of the bucket: itself "", its objects "/*"."""
    if resource == "*":
        return ("", "/*")
    ending = "/*" if resource.endswith("/*") else ""
    named = graph.lookup(resource.removesuffix("/*"), BUCKET)
    return (ending,) if bucket in named and (ending or not resource.endswith("*")) else ()


LOGS, POLICY = "aws_s3_bucket.access-logs", "aws_s3_bucket_policy.access-logs"
DENIAL = "policy.Statement[1]"
MUTANTS = (
    Mutant("no denial", change(POLICY, "policy.Statement", lambda found: found[:1]), at=LOGS),
    Mutant("no policy", drop(POLICY), at=LOGS, also=("access-log-bucket",)),
    Mutant("objects only", change(POLICY, f"{DENIAL}.Resource", lambda found: found[1:]), at=LOGS),
    Mutant("reading only", put(POLICY, f"{DENIAL}.Action", "s3:GetObject"), at=LOGS),
    Mutant("one account only", put(POLICY, f"{DENIAL}.Principal", {"AWS": "arn:aws:iam::123456789012:root"}), at=LOGS),
    Mutant("denies TLS instead", put(POLICY, f"{DENIAL}.Condition.Bool", {"aws:SecureTransport": "true"}), at=LOGS),
    Mutant(
        "from one network only",
        put(POLICY, f"{DENIAL}.Condition.IpAddress", {"aws:SourceIp": "203.0.113.0/24"}),
        at=LOGS,
    ),
    Mutant(
        "allows",
        put(POLICY, f"{DENIAL}.Effect", "Allow"),
        at=LOGS,
        also=("access-log-bucket", "explicit-actions", "wildcard-principals"),
    ),
)
