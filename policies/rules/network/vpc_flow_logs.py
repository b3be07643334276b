"""Every VPC records all of its traffic."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="vpc-flow-logs",
    title="VPC has a flow log of all traffic, accepted and rejected",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=("10.2.1",),
    rationale="Without it nobody can say afterwards which connections an attacker opened, or tried to.",
    remediation="Declare aws_flow_log with vpc_id, traffic_type ALL and a destination.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html", "2026-11-22"),
    applies_to=("aws_vpc",),
    baseline=True,
)

DESTINATIONS = ("log_destination", "log_group_name")


def check_each(vpc: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per VPC without a complete flow log: what the best one lacks, or that there is none."""
    logs = graph.referrers(vpc, "aws_flow_log", "vpc_id")
    faults = {log.address: _fault(log) for log in logs}
    if not all(faults.values()):
        return
    found = "; ".join(f"{address}: {fault}" for address, fault in faults.items())
    yield finding(vpc, "", found or None, "a flow log of all traffic")


def _fault(log: Resource) -> str:
    """What a flow log lacks, "" for nothing."""
    if (kind := log.text("traffic_type")) != "ALL":
        return f"traffic_type {kind}"
    if not any(log.has(path) for path in DESTINATIONS):
        return "no destination"
    if log.text("log_destination_type", "cloud-watch-logs") == "cloud-watch-logs" and not log.has("iam_role_arn"):
        return "no role to write with"
    return ""


VPC, LOG = "aws_vpc.main", "aws_flow_log.vpc"
MUTANTS = (
    Mutant("rejected traffic only", put(LOG, "traffic_type", "REJECT"), at=VPC),
    Mutant("no flow log", drop(LOG), at=VPC, also=("role-trust",)),
    Mutant("of one subnet only", put(LOG, "vpc_id", None), at=VPC),
    Mutant("to nowhere", drop(LOG, "log_destination"), at=VPC, also=("flow-log-role-reach",)),
    Mutant("no role", drop(LOG, "iam_role_arn"), at=VPC, also=("role-trust",)),
)
