"""The load balancer reaches tasks by address, on the port that their container listens on."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.containers import containers, task_definition_of
from policies.graph.load_balancing import TARGET_GROUPS, Registration, registrations
from policies.microservices import microservice_of
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="target-group-port",
    title="Target group sends plain HTTP to tasks by address, on the service's port, which a container listens on",
    severity=Severity.HIGH,
    clauses=("P.4.4", "P.8.1", "G.6.1", "G.6.3"),
    pci_dss=("1.2.5", "1.4.2"),
    rationale="Security groups open one port; a target group or container on another one serves nobody.",
    remediation="Set target_type ip, protocol HTTP and the service's port, and map that tcp port in the container.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html", "2026-11-22"),
    applies_to=TARGET_GROUPS,
)


def check_each(group: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at a target group that a service of the spec registers its tasks in."""
    for registration in registrations(group, graph):
        name = microservice_of(registration.service, "name", spec)
        if name is None:
            continue
        expected = {"target_type": "ip", "protocol": "HTTP", "port": spec.get("services")[name]["port"]}
        for attribute, wanted in expected.items():
            found = group.number(attribute) if attribute == "port" else group.text(attribute)
            if found != wanted:
                yield finding(group, attribute, found, wanted)
        if not _listens(registration, graph, expected["port"]):
            told = f"no tcp mapping of the container that {registration.service.address} registers"
            yield finding(group, "port", told, expected["port"])


def _listens(registration: Registration, graph: Graph, port: int) -> bool:
    """Whether the registered container maps the port, to itself, over tcp (which is the default)."""
    name = registration.place.text("container_name")
    return any(
        mapping.number("containerPort") == port
        and mapping.number("hostPort", port) == port
        and mapping.text("protocol", "tcp") == "tcp"
        for container in containers(task_definition_of(registration.service, graph))
        if container.text("name") == name
        for mapping in container.blocks("portMappings")
    )


GROUP, TASK = "aws_lb_target_group.payment-api", "aws_ecs_task_definition.payment-api"
MAPPING = "container_definitions[0].portMappings"
MUTANTS = (
    Mutant("another port", put(GROUP, "port", 80), at=GROUP),
    Mutant("hosts instead of addresses", put(GROUP, "target_type", "instance"), at=GROUP),
    Mutant("target type left to the default", drop(GROUP, "target_type"), at=GROUP),
    Mutant("another protocol", put(GROUP, "protocol", "HTTPS"), at=GROUP, also=("target-group-health-check",)),
    Mutant(
        "container listens elsewhere", put(TASK, f"{MAPPING}[0].containerPort", 9090), at=GROUP, also=("service-port",)
    ),
    Mutant("container listens over udp", put(TASK, f"{MAPPING}[0].protocol", "udp"), at=GROUP, also=("service-port",)),
    Mutant("container listens nowhere", drop(TASK, MAPPING), at=GROUP, also=("service-port",)),
)
