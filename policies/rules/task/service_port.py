"""Containers open the port of their microservice, and no other."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers
from policies.microservices import microservice_of
from policies.mutant import Mutant, append, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="service-port",
    title="Task definition opens the port of its microservice over TCP, and no other",
    severity=Severity.HIGH,
    clauses=("P.4.4", "G.6.1"),
    pci_dss=("1.2.5", "2.2.4"),
    rationale="Callers, target groups and security groups all rely on the one port that the spec gives a service.",
    remediation="Map containerPort (and hostPort, if stated) to the port of the spec, in one container of the task.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html", "2026-11-22"),
    applies_to=("aws_ecs_task_definition",),
)

MAPPINGS = "portMappings"


def check_each(task: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings per mapping of another port, and for a port that is not opened exactly once."""
    name = microservice_of(task, "family", spec)
    if name is None:
        return
    port = spec.get("services")[name]["port"]
    opened = 0
    for container in containers(task):
        for mapping in container.blocks(MAPPINGS):
            numbers = (mapping.number("containerPort"), mapping.number("hostPort", port))
            if numbers == (port, port) and mapping.text("protocol", "tcp") == "tcp":
                opened += 1
            else:
                yield finding(mapping, "", dict(mapping.values), f"tcp {port}")
    if opened != 1:
        yield finding(task, "container_definitions", f"port {port} opened {opened} times", "once")


TASK = "aws_ecs_task_definition.fraud-detection"
PORTS = f"container_definitions[0].{MAPPINGS}"
MUTANTS = (
    Mutant("a port for debugging", append(TASK, PORTS, {"containerPort": 5005}), at=TASK),
    Mutant("another host port", put(TASK, f"{PORTS}[0].hostPort", 80), at=TASK),
    Mutant("UDP", put(TASK, f"{PORTS}[0].protocol", "udp"), at=TASK),
    Mutant("a range of ports", append(TASK, PORTS, {"containerPortRange": "1024-65535"}), at=TASK),
    Mutant("no port", drop(TASK, PORTS), at=TASK),
)
