"""The security group that AWS gives every VPC is managed, and has no rule in any form."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.security_groups import group_rules
from policies.graph.vpc_defaults import SECURITY_GROUP
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.network._mutants import named
from policies.spec import Spec

RULE = Rule(
    id="default-security-group-closed",
    title="Default security group of each VPC is managed and has no rules",
    severity=Severity.HIGH,
    clauses=("P.8.2", "G.6.3", "G.8.3"),
    pci_dss=("1.2.5", "1.3.1", "2.2.5"),
    rationale="AWS puts whatever names no group into the default one, which lets its members reach each other and all.",
    remediation="Declare aws_default_security_group for the VPC, without ingress and egress.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html", "2026-11-22"),
    applies_to=("aws_vpc", "aws_default_security_group"),
    baseline=True,
)


def check_each(item: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings at a VPC whose default group nobody manages, and at a default group per rule."""
    if item.kind == "aws_vpc":
        if not SECURITY_GROUP.managing(item, graph):
            yield finding(item, "", "its default security group as AWS made it", "aws_default_security_group")
        return
    for rule in group_rules(graph).get(item.address, ()):
        yield finding(item, rule.direction, rule.written_as, "no rules")


VPC, GROUP = "aws_vpc.main", "aws_default_security_group.closed"
BLOCK = {"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}
MUTANTS = (
    Mutant("not managed", drop(GROUP), at=VPC),
    Mutant("as AWS makes it", put(GROUP, "ingress", [BLOCK]), at=GROUP, also=("security-group-rules",)),
    Mutant(
        "rule beside the group",
        add(
            "aws_vpc_security_group_egress_rule.added",
            {
                "security_group_id": f"${{{GROUP}.id}}",
                "ip_protocol": "-1",
                "cidr_ipv4": "10.20.0.0/16",
                "tags": named("security-group-rule"),
            },
        ),
        at=GROUP,
        also=("security-group-rules",),
    ),
    Mutant(
        "rule written to the VPC's attribute",
        add(
            "aws_security_group_rule.added",
            {"type": "ingress", "security_group_id": f"${{{VPC}.default_security_group_id}}", **BLOCK},
        ),
        at=GROUP,
        also=("security-group-rules",),
    ),
    Mutant(
        "second VPC",
        add("aws_vpc.second", {"cidr_block": "10.21.0.0/16", "tags": named("vpc")}),
        at="aws_vpc.second",
        also=("vpc-flow-logs",),
    ),
)
