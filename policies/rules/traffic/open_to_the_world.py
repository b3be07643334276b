"""No security group lets the world in, but for HTTPS to a public Application Load Balancer."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.addresses import ALL_V4, ALL_V6, INTERNET, describe_addresses
from policies.graph.load_balancing import LOAD_BALANCERS, is_public
from policies.graph.ports import describe_traffic
from policies.graph.ports import tcp as tcp_port
from policies.graph.ranges import NONE, Ranges, union
from policies.graph.security_groups import INGRESS as LETS_IN
from policies.graph.security_groups import GroupRule, group_rules, groups_at
from policies.graph.task_networks import task_networks
from policies.mutant import Mutant, add, append, both, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.traffic._mutants import (
    ALB,
    ALB_GROUP,
    API,
    API_GROUP,
    FRAUD_GROUP,
    INGRESS,
    NETWORK,
    WORLD,
    inline,
    named,
    ref,
    rule,
    tcp,
)
from policies.spec import Spec

RULE = Rule(
    id="open-to-the-world",
    title="Security group lets the internet in on nothing but port 443 of a public load balancer",
    severity=Severity.CRITICAL,
    clauses=("P.8.1", "P.8.3", "G.1.4", "G.6.3"),
    pci_dss=("1.3.1", "1.4.1", "1.4.2"),
    rationale="A port that the world may try is tried within minutes; only the entrance is built for that.",
    remediation="Name the peer's security group as the source instead of addresses, or remove the rule.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html", "2026-11-22"),
    applies_to=(INGRESS, "aws_security_group_rule", "aws_security_group", "aws_default_security_group"),
    baseline=True,
)

HTTPS = tcp_port(443)
# More public addresses than a /8 (IPv4) or a /16 (IPv6), all rules of a group together, are the world.
LARGEST_V4, LARGEST_V6 = 1 << 24, 1 << 112


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """A finding per rule that belongs to an opening; many small ranges count together."""
    entrances = _groups_of_entrances(graph)
    for group, rules in group_rules(graph).items():
        excused = HTTPS if group in entrances else NONE
        wide = [(item, _public(item)) for item in rules if item.direction == LETS_IN and item.traffic - excused]
        if _is_the_world(union(addresses for _, addresses in wide)):
            for item, addresses in wide:
                if addresses:
                    found = f"{describe_traffic(item.traffic - excused)} from {describe_addresses(addresses)}"
                    yield finding(item.place, "", found, "no public addresses", "")


def _public(item: GroupRule) -> Ranges:
    """The public addresses that a rule admits; a list of AWS's may hold any."""
    return INTERNET if item.peer.aws_list else item.peer.addresses & INTERNET


def _is_the_world(addresses: Ranges) -> bool:
    return (addresses & ALL_V4).size > LARGEST_V4 or (addresses & ALL_V6).size > LARGEST_V6


def _groups_of_entrances(graph: Graph) -> set[str]:
    """The groups that public Application Load Balancers have, and no task."""
    entrances = {
        group
        for item in graph.of_type(*LOAD_BALANCERS)
        if is_public(item) and item.text("load_balancer_type", "application") == "application"
        for group in groups_at(item, "security_groups", graph)
    }
    return entrances - {
        group
        for network in task_networks(graph)
        if network.place is not None
        for group in groups_at(network.place, "security_groups", graph)
    }


SPEC = ("security-group-rules",)
HALVES = ["0.0.0.0/1", "128.0.0.0/1"]
MUTANTS = (
    Mutant(
        "another port of the load balancer",
        add(f"{INGRESS}.added", rule(ALB_GROUP, tcp(80), cidr_ipv4=WORLD)),
        at=f"{INGRESS}.added",
        also=("security-group-rules",),
    ),
    Mutant(
        "range that holds 443",
        put(f"{INGRESS}.clients-1-to-alb", "to_port", 444),
        at=f"{INGRESS}.clients-1-to-alb",
        also=("security-group-rules",),
    ),
    Mutant(
        "every protocol",
        put(f"{INGRESS}.clients-1-to-alb", "ip_protocol", "-1"),
        at=f"{INGRESS}.clients-1-to-alb",
        also=("security-group-rules",),
    ),
    Mutant(
        "task, over IPv6",
        add(f"{INGRESS}.added", rule(API_GROUP, tcp(8080), cidr_ipv6="::/0")),
        at=f"{INGRESS}.added",
        also=("security-group-rules",),
    ),
    Mutant(
        "two halves, in a block",
        put(FRAUD_GROUP, "ingress", [inline(22, 22, cidr_blocks=HALVES)]),
        at=FRAUD_GROUP,
        also=("security-group-rules",),
    ),
    Mutant(
        "old form",
        add(
            "aws_security_group_rule.added",
            {
                "type": "ingress",
                "security_group_id": ref(FRAUD_GROUP),
                "ipv6_cidr_blocks": ["::/0"],
                **inline(0, 65535),
            },
        ),
        at="aws_security_group_rule.added",
        also=("security-group-rules",),
    ),
    Mutant(
        "443 of a task that shares the group",
        append(API, f"{NETWORK}.security_groups", ref(ALB_GROUP)),
        at=f"{INGRESS}.clients-1-to-alb",
        also=("reachability", "security-group-rules"),
    ),
    Mutant(
        "load balancer that is internal",
        put(ALB, "internal", True),
        at=f"{INGRESS}.clients-1-to-alb",
        also=("load-balancer-exposure", "reachability"),
    ),
    Mutant(
        "block inside the default group",
        put("aws_default_security_group.closed", "ingress", [inline(0, 0, protocol="-1", cidr_blocks=[WORLD])]),
        at="aws_default_security_group.closed",
        also=("default-security-group-closed", "security-group-rules"),
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
                    "max_entries": 2,
                    "entry": [{"cidr": cidr} for cidr in HALVES],
                },
            ),
            add(
                f"{INGRESS}.added", rule(FRAUD_GROUP, tcp(443), prefix_list_id=ref("aws_ec2_managed_prefix_list.added"))
            ),
        ),
        at=f"{INGRESS}.added",
        also=("reachability", "security-group-rules"),
    ),
)
