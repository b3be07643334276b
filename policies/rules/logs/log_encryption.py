"""Log groups are encrypted in the mode that the spec declares."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

GROUP = "aws_cloudwatch_log_group"
RULE = Rule(
    id="log-encryption",
    title="Log group is encrypted in the mode of the spec: by CloudWatch Logs itself, or with a key of this stack",
    severity=Severity.MEDIUM,
    clauses=("P.6.2", "G.3.4"),
    pci_dss=("10.3.2",),
    rationale="CloudWatch Logs always encrypts and has no managed key to name; a lost key takes the logs along.",
    remediation="aws-managed: leave kms_key_id out. customer-managed: point it at a KMS key of this stack.",
    source=Source("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html", "2026-11-22"),
    applies_to=(GROUP,),
)

KEY = "kms_key_id"


def check_each(group: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per group in the other mode, or with a key from elsewhere."""
    mode = spec.get("logs.encryption")
    if mode == "aws-managed":
        if group.has(KEY):
            yield finding(group, KEY, group.get(KEY), "unset, which is the aws-managed mode")
    elif not group.has(KEY) or not graph.lookup(group.get(KEY), "aws_kms_key"):
        yield finding(group, KEY, group.get(KEY), "a KMS key of this stack")


API, FLOWS = f"{GROUP}.payment-api", f"{GROUP}.vpc-flows"
MUTANTS = (
    Mutant(
        "a customer key",
        put(API, KEY, "arn:aws:kms:us-east-1:123456789012:key/11112222-3333-4444-5555-666677778888"),
        at=API,
        also=("encryption-keys",),
    ),
    Mutant("an alias that does not exist", put(FLOWS, KEY, "alias/aws/logs"), at=FLOWS),
)
