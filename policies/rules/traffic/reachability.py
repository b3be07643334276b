"""Who can reach whom equals what the spec says, computed from routes, filters, groups, listeners and target groups."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.task_networks import TASKS
from policies.mutant import Mutant, add, append, both, drop, duplicate, put
from policies.reachability.interfaces import INTERFACES
from policies.reachability.verdict import extra_paths, missing_paths
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.rules.traffic._mutants import (
    ALB,
    ALB_GROUP,
    API,
    API_GROUP,
    EGRESS,
    FRAUD,
    FRAUD_GROUP,
    IGW,
    INGRESS,
    NETWORK,
    NOTIFY,
    NOTIFY_GROUP,
    VPC,
    WORLD,
    named,
    nightly_tasks,
    ref,
    rule,
    tcp,
)
from policies.rules.traffic._world import world_and_expectation
from policies.spec import Spec

RULE = Rule(
    id="reachability",
    title="Paths between internet, load balancer and tasks are exactly those of the spec",
    severity=Severity.CRITICAL,
    clauses=("P.3.5", "P.8.1", "P.8.2", "P.8.3", "P.8.4", "G.1.4", "G.4.3", "G.6.3", "G.8.2", "G.8.3"),
    pci_dss=("1.2.5", "1.3.1", "1.3.2", "1.4.1", "1.4.2", "1.4.4"),
    rationale="Security groups, routes and listeners are each harmless alone; what they let through together is not.",
    remediation="Follow the path hop by hop and close the hop that is too much, or add the half that is missing.",
    source=Source("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html", "2026-11-22"),
    applies_to=("aws_lb", "aws_alb", *TASKS, *INTERFACES),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """A finding per path too much, and per path that lacks a half; each at the place whose path it is."""
    world, expectation = world_and_expectation(graph, spec)
    for extra in extra_paths(world, expectation):
        place = graph.resources[extra.place]
        yield finding(place, "", extra.shown, "no such path", f"A path that the spec does not allow: {extra.shown}")
    for missing in missing_paths(world, expectation):
        halves = "; ".join(missing.halves)
        message = f"A path is missing: {missing.wanted}, but {halves}"
        if missing.place:
            yield finding(graph.resources[missing.place], "", halves, missing.wanted, message)
        else:
            yield absence("aws_ecs_service", missing.wanted, message)


BY_RULES = ("security-group-rules",)
ENTER_FRAUD = add(f"{INGRESS}.added", rule(FRAUD_GROUP, tcp(8081), group=ALB_GROUP))
LEAVE_ALB = add(f"{EGRESS}.added", rule(ALB_GROUP, tcp(8081), group=FRAUD_GROUP))
API_TO_FRAUD = "payment-api-to-fraud-detection"
PRIVATE = [ref(f"aws_subnet.private-us-east-1{zone}") for zone in "abc"]
WIDER = [put(f"{kind}.{API_TO_FRAUD}", "to_port", 8090) for kind in (INGRESS, EGRESS)]
EVERYTHING = {"protocol": "-1", "from_port": 0, "to_port": 0}
PUBLIC_ROUTE = put("aws_route.private-us-east-1a", "gateway_id", ref(IGW))
PUBLIC = both(
    PUBLIC_ROUTE, drop("aws_route.private-us-east-1a", "nat_gateway_id"), put(API, f"{NETWORK}.assign_public_ip", True)
)
INTERFACE = {"subnet_id": PRIVATE[0], "security_groups": [ref(API_GROUP)]}
SELF = {"security_group_id": ref(FRAUD_GROUP), "self": True, "from_port": 9000, "to_port": 9000, "protocol": "tcp"}
FOREIGN = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
MUTANTS = (
    Mutant(
        "load balancer reaches an inner service",
        both(ENTER_FRAUD, LEAVE_ALB),
        at=ALB,
        also=BY_RULES,
    ),
    Mutant("wider port range in both halves", both(*WIDER), at=API, also=BY_RULES),
    Mutant(
        "everything, in blocks inside the groups",
        both(
            put(FRAUD_GROUP, "ingress", [{**EVERYTHING, "security_groups": [ref(NOTIFY_GROUP)]}]),
            put(NOTIFY_GROUP, "egress", [{**EVERYTHING, "security_groups": [ref(FRAUD_GROUP)]}]),
        ),
        at=NOTIFY,
        also=BY_RULES,
    ),
    Mutant(
        "tasks of a service reach each other, by rules of the old form",
        both(
            add("aws_security_group_rule.in", {"type": "ingress", **SELF}),
            add("aws_security_group_rule.out", {"type": "egress", **SELF}),
        ),
        at=FRAUD,
        also=BY_RULES,
    ),
    Mutant(
        "one half more, by addresses, for the open way out",
        add(f"{INGRESS}.added", rule(FRAUD_GROUP, tcp(443), cidr_ipv4="10.20.0.0/18")),
        at=API,
        also=BY_RULES,
    ),
    Mutant(
        "group of the load balancer on a task",
        append(FRAUD, f"{NETWORK}.security_groups", ref(ALB_GROUP)),
        at=FRAUD,
        also=("open-to-the-world", "security-group-rules"),
    ),
    Mutant(
        "plain HTTP to the internet",
        add(f"{EGRESS}.added", rule(API_GROUP, tcp(80), cidr_ipv4=WORLD)),
        at=API,
        also=BY_RULES,
    ),
    Mutant(
        "load balancer to the internet",
        add(f"{EGRESS}.added", rule(ALB_GROUP, tcp(443), cidr_ipv4=WORLD)),
        at=ALB,
        also=BY_RULES,
    ),
    Mutant(
        "straight out, past the NAT gateways",
        PUBLIC,
        at=API,
        also=("nat-gateway-of-own-zone", "tasks-in-private-subnets", "tasks-without-public-ip"),
    ),
    Mutant(
        "straight in, to a task",
        both(PUBLIC, add(f"{INGRESS}.added", rule(API_GROUP, tcp(8080), cidr_ipv4="203.0.113.0/24"))),
        at=API,
        also=("nat-gateway-of-own-zone", "security-group-rules", "tasks-in-private-subnets", "tasks-without-public-ip"),
    ),
    Mutant("no way out of one group", drop(f"{EGRESS}.{API_TO_FRAUD}"), at=API),
    Mutant("no way into one group", drop(f"{INGRESS}.fraud-detection-to-notification-service"), at=FRAUD),
    Mutant("clients from elsewhere", put(f"{INGRESS}.clients-1-to-alb", "cidr_ipv4", "203.0.113.0/24"), at=ALB),
    Mutant(
        "no route out of one zone", drop("aws_route.private-us-east-1b"), at=NOTIFY, also=("nat-gateway-of-own-zone",)
    ),
    Mutant(
        "network ACL that lets nothing pass",
        add("aws_network_acl.shut", {"vpc_id": ref(VPC), "subnet_ids": PRIVATE, "tags": named("network-acl")}),
        at=API,
    ),
    Mutant(
        "internal load balancer",
        put(ALB, "internal", True),
        at=ALB,
        also=("load-balancer-exposure", "open-to-the-world"),
    ),
    Mutant(
        "second load balancer",
        duplicate(ALB, "second"),
        at="aws_lb.second",
        also=("load-balancer-exposure", "security-group-rules"),
    ),
    Mutant(
        "endpoint of somebody else's service",
        put("aws_vpc_endpoint.logs", "service_name", FOREIGN),
        at=API,
        also=("one-door", "security-group-rules"),
    ),
    Mutant(
        "no group, so the VPC's default one",
        drop(FRAUD, f"{NETWORK}.security_groups"),
        at=FRAUD,
        also=BY_RULES,
    ),
    Mutant(
        "interface with a service's group",
        add("aws_network_interface.added", {**INTERFACE, "tags": named("network-interface")}),
        at="aws_network_interface.added",
        also=BY_RULES,
    ),
    Mutant(
        "rule answers instead of forwarding",
        put(
            "aws_lb_listener_rule.payment-api",
            "action",
            [{"type": "redirect", "redirect": {"status_code": "HTTP_302"}}],
        ),
        at=ALB,
        also=("listener-rule-paths", "load-balancer-attachment"),
    ),
    Mutant(
        "scheduled tasks",
        add(
            "aws_cloudwatch_event_target.added",
            nightly_tasks(PRIVATE, ref(API_GROUP)),
        ),
        at="aws_cloudwatch_event_target.added",
        also=("one-service-each", "security-group-rules"),
    ),
)
