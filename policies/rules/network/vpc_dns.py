"""A VPC resolves the private names that its endpoints and its service discovery rely on."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="vpc-dns",
    title="VPC resolves private names where endpoints or a private namespace rely on them",
    severity=Severity.MEDIUM,
    clauses=(),
    pci_dss=(),
    rationale="Without both settings the names lead past the endpoints over the NAT gateways, or nowhere.",
    remediation="Set enable_dns_support and enable_dns_hostnames of the VPC to true.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html", "2026-11-22"),
    applies_to=("aws_vpc",),
    baseline=True,
)


def check_each(vpc: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings per setting that is off although something needs it; hostnames are off unless asked for."""
    if not _needed(vpc, graph):
        return
    for attribute, default in (("enable_dns_support", True), ("enable_dns_hostnames", False)):
        if not vpc.boolean(attribute, default):
            yield finding(vpc, attribute, vpc.get(attribute), True)


def _needed(vpc: Resource, graph: Graph) -> bool:
    endpoints = graph.referrers(vpc, "aws_vpc_endpoint", "vpc_id")
    private = any(endpoint.boolean("private_dns_enabled", False) for endpoint in endpoints)
    return private or bool(graph.referrers(vpc, "aws_service_discovery_private_dns_namespace", "vpc"))


VPC = "aws_vpc.main"
MUTANTS = (
    Mutant("no names for hosts", put(VPC, "enable_dns_hostnames", False), at=VPC),
    Mutant("left to the default", drop(VPC, "enable_dns_hostnames"), at=VPC),
    Mutant("no resolver", put(VPC, "enable_dns_support", False), at=VPC),
)
