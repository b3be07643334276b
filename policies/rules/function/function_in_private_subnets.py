"""Functions stand in private subnets of every zone, behind a security group of their own."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.routing import ENDPOINT, LOCAL, NAT, SUBNET, routes_of, tables_of
from policies.graph.task_networks import task_networks
from policies.mutant import Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

FUNCTION = "aws_lambda_function"
RULE = Rule(
    id="function-in-private-subnets",
    title="Function runs in private subnets of every zone of the spec, in a security group of its own",
    severity=Severity.HIGH,
    clauses=("G.7.3", "G.8.3"),
    pci_dss=("1.3.1", "1.3.2", "1.4.4"),
    rationale="Outside of the VPC no rule says where a function connects to; in the group of a service it may go where "
    "the service goes, and whoever calls the service may call it.",
    remediation="Give vpc_config the private subnets of all zones and one security group that nothing else is in.",
    source=Source("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html", "2026-11-26"),
    applies_to=(FUNCTION,),
)

SUBNETS, GROUPS = "vpc_config.subnet_ids", "vpc_config.security_group_ids"
PRIVATE = (NAT, ENDPOINT, LOCAL)
# Other places of security groups: type -> path.
MEMBERS = {
    FUNCTION: GROUPS,
    "aws_lb": "security_groups",
    "aws_vpc_endpoint": "security_group_ids",
    "aws_network_interface": "security_groups",
    "aws_instance": "vpc_security_group_ids",
    "aws_db_instance": "vpc_security_group_ids",
    "aws_rds_cluster": "vpc_security_group_ids",
}


def check_each(function: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for no VPC, routes that leave it in another way, zones that are missing, and groups of others."""
    subnets = graph.targets_of(function, SUBNETS, SUBNET)
    for subnet in subnets:
        for table in tables_of(subnet, graph):
            for route in routes_of(table, graph):
                if route.via not in PRIVATE:
                    way = f"{subnet.address} -> {table} -> {route.written_as} -> {route.via}"
                    yield finding(function, SUBNETS, way, "routes to NAT gateways and endpoints only")
    zones = {subnet.text("availability_zone") for subnet in subnets}
    if len(zones) != spec.get("availability_zones"):
        yield finding(function, SUBNETS, sorted(map(str, zones)) or None, f"{spec.get('availability_zones')} zones")
    groups = graph.targets_of(function, GROUPS, "aws_security_group")
    if len(groups) != 1:
        yield finding(function, GROUPS, [group.address for group in groups] or None, "one group of its own")
    for group in groups:
        if others := [item.address for item in _members(group, graph) if item is not function]:
            yield finding(function, GROUPS, f"{group.address}, with {', '.join(others)}", "one group of its own")


def _members(group: Resource, graph: Graph) -> Iterator[Resource]:
    for kind, path in MEMBERS.items():
        yield from graph.referrers(group, kind, path)
    for network in task_networks(graph):
        if network.place and group in graph.targets_of(network.place, "security_groups", "aws_security_group"):
            yield network.owner


ROTATION = f"{FUNCTION}.fraud-detector-database-rotation"
OTHERS = "${aws_security_group.fraud-detector.id}"
MUTANTS = (
    Mutant(
        "outside of the VPC",
        drop(ROTATION, "vpc_config"),
        at=ROTATION,
        also=("rotation-function-reach", "security-group-rules"),
        stack="gateway",
    ),
    Mutant(
        "public subnets",
        put(ROTATION, SUBNETS, [f"${{aws_subnet.public-us-east-1{zone}.id}}" for zone in "abc"]),
        at=ROTATION,
        also=("reachability", "rotation-function-reach"),
        stack="gateway",
    ),
    Mutant(
        "in one zone",
        change(ROTATION, SUBNETS, lambda subnets: subnets[:1]),
        at=ROTATION,
        also=("rotation-function-reach",),
        stack="gateway",
    ),
    Mutant(
        "the group of its service",
        put(ROTATION, GROUPS, [OTHERS]),
        at=ROTATION,
        also=("reachability", "rotation-function-reach", "security-group-rules"),
        stack="gateway",
    ),
    Mutant(
        "that group as well",
        change(ROTATION, GROUPS, lambda groups: [*groups, OTHERS]),
        at=ROTATION,
        also=("reachability", "security-group-rules"),
        stack="gateway",
    ),
    Mutant(
        "the group of the endpoints",
        put(ROTATION, GROUPS, ["${aws_security_group.vpc-endpoints.id}"]),
        at=ROTATION,
        also=("reachability", "rotation-function-reach", "security-group-rules"),
        stack="gateway",
    ),
)
