"""Tasks run in private subnets: followed through subnet, route table and route, whoever starts the tasks."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.routing import ENDPOINT, LOCAL, NAT, routes_of, tables_of
from policies.graph.task_networks import TASKS, networks_of
from policies.mutant import Mutant, add, both, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.network._mutants import named
from policies.spec import Spec

RULE = Rule(
    id="tasks-in-private-subnets",
    title="Tasks run in subnets whose routes leave the VPC through NAT gateways and endpoints only",
    severity=Severity.CRITICAL,
    clauses=("P.3.5", "P.8.3", "G.1.4"),
    pci_dss=("1.3.1", "1.3.2", "1.4.1", "1.4.4"),
    rationale="Any other way out of a subnet, of either address family and however small, goes around the NAT.",
    remediation="Associate the subnet with a table whose default route is a NAT gateway, and remove every other route.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html", "2026-11-22"),
    applies_to=TASKS,
    baseline=True,
)

PRIVATE = (NAT, ENDPOINT, LOCAL)


def check_each(owner: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """A finding per route that leads elsewhere, with the way to it; one for tasks in the network of a host."""
    for network in networks_of(owner):
        if network.place is None:
            yield finding(owner, "network_configuration", None, "subnets of its own")
            continue
        for subnet in network.subnets(graph):
            for table in tables_of(subnet, graph):
                for route in routes_of(table, graph):
                    if route.via not in PRIVATE:
                        way = f"{subnet.address} -> {table} -> {route.written_as} -> {route.via}"
                        yield finding(network.place, "subnets", way, "routes to NAT gateways and endpoints only")


API, VPC, IGW = "aws_ecs_service.payment-api", "aws_vpc.main", "${aws_internet_gateway.main.id}"
TABLE, ASSOCIATION = "aws_route_table.private-us-east-1a", "aws_route_table_association.private-us-east-1a"
EGRESS_ONLY = "aws_egress_only_internet_gateway.added"
PUBLIC_TABLE = "${aws_route_table.public.id}"


def route(table: str = f"${{{TABLE}.id}}", **target: str) -> dict[str, str]:
    return {"route_table_id": table, **target}


MUTANTS = (
    Mutant(
        "half of the internet, beside the default route",
        add("aws_route.added", route(destination_cidr_block="128.0.0.0/1", gateway_id=IGW)),
        at=API,
        also=("nat-gateway-of-own-zone", "reachability"),
    ),
    Mutant(
        "associated with the public table",
        put(ASSOCIATION, "route_table_id", PUBLIC_TABLE),
        at=API,
        also=("nat-gateway-of-own-zone", "reachability"),
    ),
    Mutant(
        "not associated, and the main table is public",
        both(
            drop(ASSOCIATION),
            add(
                "aws_route.added",
                route(f"${{{VPC}.main_route_table_id}}", destination_cidr_block="0.0.0.0/0", gateway_id=IGW),
            ),
        ),
        at=API,
        also=("nat-gateway-of-own-zone", "reachability"),
    ),
    Mutant(
        "not associated, and the public table made the main one",
        both(
            drop(ASSOCIATION),
            add(
                "aws_main_route_table_association.added",
                {"vpc_id": f"${{{VPC}.id}}", "route_table_id": PUBLIC_TABLE},
            ),
        ),
        at=API,
        also=("nat-gateway-of-own-zone", "reachability"),
    ),
    Mutant(
        "route inside the table",
        put(TABLE, "route", [{"cidr_block": "198.51.100.0/24", "gateway_id": IGW}]),
        at=API,
        also=("nat-gateway-of-own-zone", "reachability"),
    ),
    Mutant(
        "IPv6, through an egress-only gateway",
        both(
            add(EGRESS_ONLY, {"vpc_id": f"${{{VPC}.id}}", "tags": named("egress-only-internet-gateway")}),
            add(
                "aws_route.added",
                route(
                    destination_ipv6_cidr_block="::/0",
                    egress_only_gateway_id=f"${{{EGRESS_ONLY}.id}}",
                ),
            ),
        ),
        at=API,
        also=("one-door",),
    ),
    Mutant(
        "peered network",
        add("aws_route.added", route(destination_cidr_block="10.99.0.0/16", vpc_peering_connection_id="pcx-0123abcd")),
        at=API,
        also=("reachability",),
    ),
    Mutant(
        "routes learned from a VPN gateway",
        put(TABLE, "propagating_vgws", ["vgw-0123abcd"]),
        at=API,
        also=("reachability",),
    ),
    Mutant(
        "public subnets",
        put(API, "network_configuration.subnets", [f"${{aws_subnet.public-us-east-1{zone}.id}}" for zone in "abc"]),
        at=API,
        also=("nat-gateway-of-own-zone", "reachability"),
    ),
    Mutant(
        "network of the host",
        drop(API, "network_configuration"),
        at=API,
        also=("reachability", "security-group-rules", "zone-spread"),
    ),
    Mutant(
        "tasks of a schedule, in a public subnet",
        add(
            "aws_scheduler_schedule.added",
            {
                "name": "scheduler-schedule-added-production-pr42",
                "schedule_expression": "rate(1 day)",
                "flexible_time_window": [{"mode": "OFF"}],
                "target": [
                    {
                        "arn": "${aws_ecs_cluster.main.arn}",
                        "role_arn": "${aws_iam_role.payment-api-execution-role.arn}",
                        "ecs_parameters": [
                            {
                                "task_definition_arn": "${aws_ecs_task_definition.payment-api.arn}",
                                "network_configuration": [{"subnets": ["${aws_subnet.public-us-east-1a.id}"]}],
                            }
                        ],
                    }
                ],
            },
        ),
        at="aws_scheduler_schedule.added",
        also=("nat-gateway-of-own-zone", "one-service-each", "role-trust", "roles-per-service"),
    ),
)
