"""Every log group keeps its logs as long as the spec says."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

GROUP = "aws_cloudwatch_log_group"
RULE = Rule(
    id="log-retention",
    title="Log group keeps its logs for the number of days of the spec",
    severity=Severity.MEDIUM,
    clauses=("P.2.6", "P.6.3", "G.3.4"),
    # 10.5.1 asks for twelve months of audit trail, which these groups are not: it needs an archive of its own.
    pci_dss=(),
    rationale="Unset or 0 keeps logs for ever; the class DELIVERY keeps them two days whatever the retention says.",
    remediation="Set retention_in_days to the number of the spec and leave log_group_class at STANDARD.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html", "2026-11-22"
    ),
    applies_to=(GROUP,),
)


def check_each(group: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per group with another retention, or of a class that has its own."""
    days = group.number("retention_in_days")
    if days != spec.get("logs.retention_days"):
        yield finding(group, "retention_in_days", days, spec.get("logs.retention_days"))
    if group.text("log_group_class", "STANDARD") != "STANDARD":
        yield finding(group, "log_group_class", group.text("log_group_class"), "STANDARD")


API = f"{GROUP}.payment-api"
MUTANTS = (
    Mutant("a week", put(API, "retention_in_days", 7), at=API),
    Mutant("for ever", put(API, "retention_in_days", 0), at=API),
    Mutant("left out", drop(f"{GROUP}.vpc-flows", "retention_in_days"), at=f"{GROUP}.vpc-flows"),
    Mutant("a class that keeps two days", put(API, "log_group_class", "DELIVERY"), at=API),
    Mutant(
        "one group more, for ever",
        add(f"{GROUP}.audit", {"name": "log-group-audit-production-pr42"}),
        at=f"{GROUP}.audit",
    ),
)
