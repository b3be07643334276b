"""No task has a public address, and no subnet of tasks gives one away."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.task_networks import TASKS, networks_of
from policies.mutant import Mutant, add, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.network._mutants import named
from policies.spec import Spec

RULE = Rule(
    id="tasks-without-public-ip",
    title="Tasks have no public address, and their subnets hand none out",
    severity=Severity.CRITICAL,
    clauses=("P.3.5", "P.8.3", "G.1.4"),
    pci_dss=("1.3.1", "1.4.2", "1.4.4"),
    rationale="A public address makes a task reachable from the internet as soon as any route or rule slips.",
    remediation="Set assign_public_ip of the task's network and map_public_ip_on_launch of the subnet to false.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html", "2026-11-22"
    ),
    applies_to=TASKS,
    baseline=True,
)

GIVE_AWAY = ("map_public_ip_on_launch", "map_customer_owned_ip_on_launch", "assign_ipv6_address_on_creation")


def check_each(owner: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for what asks for an address, and for subnets that give one unasked."""
    for network in networks_of(owner):
        if network.place is None:
            continue
        if network.public_ip:
            yield finding(network.place, "assign_public_ip", True, False)
        for subnet in network.subnets(graph):
            for attribute in GIVE_AWAY:
                if subnet.boolean(attribute, False):
                    yield finding(network.place, "subnets", f"{subnet.address} with {attribute}", "no such subnet")


API, SUBNET = "aws_ecs_service.payment-api", "aws_subnet.private-us-east-1b"
NETWORK = {"subnets": ["${aws_subnet.private-us-east-1a.id}"], "assign_public_ip": "true"}
MUTANTS = (
    Mutant("asked for", put(API, "network_configuration.assign_public_ip", True), at=API),
    Mutant("asked for in words", put(API, "network_configuration.assign_public_ip", "true"), at=API),
    Mutant("given by the subnet", put(SUBNET, "map_public_ip_on_launch", True), at=API),
    Mutant("IPv6 given by the subnet", put(SUBNET, "assign_ipv6_address_on_creation", True), at=API),
    Mutant(
        "second task set of a service",
        add(
            "aws_ecs_task_set.added",
            {
                "service": "${aws_ecs_service.payment-api.id}",
                "force_delete": True,
                "tags": named("ecs-task-set"),
                "cluster": "${aws_ecs_cluster.main.id}",
                "task_definition": "${aws_ecs_task_definition.payment-api.arn}",
                "network_configuration": [
                    {**NETWORK, "security_groups": ["${aws_security_group.payment-api.id}"]},
                ],
            },
        ),
        at="aws_ecs_task_set.added",
        also=("one-service-each", "reachability", "security-group-rules"),
    ),
)
