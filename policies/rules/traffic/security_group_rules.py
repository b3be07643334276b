"""Every rule of every security group is one half of a path of the spec, no wider than it."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.security_groups import INGRESS as LETS_IN
from policies.graph.security_groups import group_rules
from policies.graph.vpc_defaults import VPC as VPC_KIND
from policies.mutant import Mutant, add, both, change, put
from policies.reachability.justification import Justification
from policies.reachability.reader import rule_of
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.traffic._mutants import (
    API_GROUP,
    EGRESS,
    ENDPOINTS_GROUP,
    FRAUD_GROUP,
    INGRESS,
    NOTIFY_GROUP,
    VPC,
    WORLD,
    inline,
    named,
    ref,
    rule,
    tcp,
)
from policies.rules.traffic._world import world_and_expectation
from policies.spec import Spec

RULE = Rule(
    id="security-group-rules",
    title="Security group rule is half of a path that the spec allows, and no wider than that path",
    severity=Severity.HIGH,
    clauses=("P.8.1", "P.8.2", "G.6.3", "G.8.3"),
    pci_dss=("1.2.5", "1.3.1", "1.3.2", "1.4.2"),
    rationale="A rule that nothing needs today is the open half that the next change completes to a path.",
    remediation="Narrow the rule to the ports and the peer of a path in the spec, or remove it.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html", "2026-11-22"),
    applies_to=(INGRESS, EGRESS, "aws_security_group_rule", "aws_security_group", "aws_default_security_group"),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """A finding per part of a rule that no path needs; a default group that nobody manages is another rule's matter."""
    justification = Justification(*world_and_expectation(graph, spec))
    for group, rules in group_rules(graph).items():
        for item in rules:
            if item.place.resource.kind == VPC_KIND:
                continue
            for unneeded in justification.unneeded(group, rule_of(item, graph), ingress=item.direction == LETS_IN):
                yield finding(item.place, "", f"{item.direction} of {unneeded}", "only what a path of the spec needs")


PATHS = ("reachability",)
MUTANTS = (
    Mutant(
        "a half that leads nowhere yet",
        add(f"{INGRESS}.added", rule(FRAUD_GROUP, tcp(22), group=API_GROUP)),
        at=f"{INGRESS}.added",
    ),
    Mutant(
        "one half wider",
        put(f"{EGRESS}.payment-api-to-fraud-detection", "from_port", 8000),
        at=f"{EGRESS}.payment-api-to-fraud-detection",
    ),
    Mutant(
        "block inside a group",
        put(NOTIFY_GROUP, "egress", [inline(0, 0, protocol="-1", ipv6_cidr_blocks=["::/0"])]),
        at=NOTIFY_GROUP,
    ),
    Mutant(
        "block inside the default group",
        put("aws_default_security_group.closed", "egress", [inline(0, 0, protocol="-1", cidr_blocks=[WORLD])]),
        at="aws_default_security_group.closed",
        also=("default-security-group-closed",),
    ),
    Mutant(
        "old form, addresses of the whole VPC",
        add(
            "aws_security_group_rule.added",
            {
                "type": "ingress",
                "security_group_id": ref(API_GROUP),
                "cidr_blocks": ["10.20.0.0/16"],
                **inline(8080, 8080),
            },
        ),
        at="aws_security_group_rule.added",
    ),
    Mutant(
        "list of addresses",
        both(
            add(
                "aws_ec2_managed_prefix_list.added",
                {
                    "name": "ec2-managed-prefix-list-added-production-pr42",
                    "tags": named("ec2-managed-prefix-list"),
                    "address_family": "IPv4",
                    "max_entries": 1,
                    "entry": [{"cidr": "10.20.0.0/16"}],
                },
            ),
            add(
                f"{INGRESS}.added",
                rule(NOTIFY_GROUP, tcp(8082), prefix_list_id=ref("aws_ec2_managed_prefix_list.added")),
            ),
        ),
        at=f"{INGRESS}.added",
    ),
    Mutant(
        "another port to the endpoints",
        put(f"{EGRESS}.payment-api-to-vpc-endpoints", "to_port", 8443),
        at=f"{EGRESS}.payment-api-to-vpc-endpoints",
    ),
    Mutant(
        "plain HTTP to the gateway endpoint",
        change(f"{EGRESS}.payment-api-to-s3", "from_port", lambda _: 80),
        at=f"{EGRESS}.payment-api-to-s3",
        also=("reachability",),
    ),
    Mutant(
        "protocol left open",
        put(f"{INGRESS}.alb-to-payment-api", "ip_protocol", "-1"),
        at=f"{INGRESS}.alb-to-payment-api",
    ),
    Mutant(
        "group that nothing has",
        both(
            add(
                "aws_security_group.added",
                {"name": "security-group-added-production-pr42", "vpc_id": ref(VPC), "tags": named("security-group")},
            ),
            add(f"{INGRESS}.added", rule("aws_security_group.added", tcp(443), group=ENDPOINTS_GROUP)),
        ),
        at=f"{INGRESS}.added",
    ),
)
