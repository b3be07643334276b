"""The access logs of a load balancer go to a bucket of this stack that takes them, and takes nothing else."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.load_balancing import LOAD_BALANCERS
from policies.mutant import Mutant, append, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.storage._buckets import BUCKET, algorithms, policy_statements
from policies.spec import Spec

RULE = Rule(
    id="access-log-bucket",
    title="Load balancer's access logs go to a bucket of the stack that only log delivery may write to",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("10.3.2", "10.3.4"),
    rationale="A log that somebody else can write, or that AWS cannot deliver, is no evidence.",
    remediation="Name a bucket of the stack, encrypted with AES256, whose policy allows log delivery to put objects.",
    source=Source(
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html", "2026-11-22"
    ),
    applies_to=LOAD_BALANCERS,
)

DELIVERY, PUT = "logdelivery.elasticloadbalancing.amazonaws.com", "s3:PutObject"


def check_each(balancer: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a bucket elsewhere, an encryption that load balancers cannot use, and a policy that differs."""
    logs = balancer.block("access_logs")
    if logs is None or not logs.has("bucket"):
        return
    buckets = graph.lookup(logs.get("bucket"), BUCKET)
    if not buckets:
        yield finding(logs, "bucket", logs.get("bucket"), "a bucket of this stack")
    for bucket in buckets:
        if others := sorted(set(algorithms(bucket, graph)) - {"AES256"}):
            yield finding(logs, "bucket", f"{bucket.address}, encrypted with {', '.join(others)}", "AES256")
        allowed = [item for item in policy_statements(bucket, graph) if item.allows]
        if not any(_delivers(item.actions, [p.value for p in item.principals]) for item in allowed):
            yield finding(logs, "bucket", f"{bucket.address}, without leave for log delivery", f"{PUT} for {DELIVERY}")
        for item in allowed:
            if not _delivers(item.actions, [principal.value for principal in item.principals]):
                told = f"{bucket.address}, which allows {', '.join(item.actions)} to others"
                yield finding(logs, "bucket", told, f"{PUT} for {DELIVERY} only")


def _delivers(actions: tuple[str, ...], principals: list[str]) -> bool:
    return actions == (PUT,) and principals == [DELIVERY]


ALB, POLICY = "aws_lb.public", "aws_s3_bucket_policy.access-logs"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.access-logs"
OTHERS = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "s3:PutObject",
    "Resource": "${aws_s3_bucket.access-logs.arn}/alb/*",
}
MUTANTS = (
    Mutant("bucket of somebody else", put(ALB, "access_logs.bucket", "somebody-elses-logs"), at=ALB),
    Mutant("no leave to deliver", change(POLICY, "policy.Statement", lambda found: found[1:]), at=ALB),
    Mutant("no policy", drop(POLICY), at=ALB, also=("bucket-tls-only",)),
    Mutant(
        "others may write too", append(POLICY, "policy.Statement", OTHERS), at=ALB, also=("own-account-principals",)
    ),
    Mutant(
        "may do more than put", put(POLICY, "policy.Statement[0].Action", ["s3:PutObject", "s3:DeleteObject"]), at=ALB
    ),
    Mutant(
        "key that load balancers cannot use",
        put(ENCRYPTION, "rule[0].apply_server_side_encryption_by_default.sse_algorithm", "aws:kms"),
        at=ALB,
    ),
)
