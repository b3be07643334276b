"""Callers are told the registered name and the port of whom they call, and no other way to anybody."""

import re
from collections.abc import Iterator

from policies.graph import Block, Graph, Resource
from policies.graph.containers import containers
from policies.microservices import microservice_of, microservices
from policies.mutant import Edit, Mutant, append, change, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.discovery._calls import called_by, hosts, variable
from policies.spec import Spec

TASK = "aws_ecs_task_definition"
RULE = Rule(
    id="callers-know-callees",
    title="Container of a caller is told the Cloud Map name and the port of each callee, and of nobody else",
    severity=Severity.HIGH,
    clauses=("G.4.2", "G.4.4"),
    pci_dss=("1.2.5", "1.4.4"),
    rationale="A host that is written by hand, a load balancer's or a task's, bypasses the name: calls go on to where "
    "the callee was.",
    remediation="Set <CALLEE>_HOST to the callee's name in the namespace and <CALLEE>_PORT to its port; remove every "
    "other variable that names a host.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html", "2026-11-26"),
    applies_to=(TASK,),
)

ENVIRONMENT = "environment"
WAYS = ("URL", "URI", "ENDPOINT", "ADDRESS", "ADDR", "HOSTNAME", "BASE_URL")  # other words for where somebody is


def check_each(task: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for variables that the task's own container lacks, and for hosts that any container is told."""
    caller = microservice_of(task, "family", spec)
    if not spec.states("discovery") or caller is None:
        return
    known = hosts(graph, spec)
    expected: dict[str, str] = {}
    for callee in called_by(caller, spec):
        expected[variable(callee, "HOST")] = known.get(callee, f"the name of {callee}, which is registered under none")
        expected[variable(callee, "PORT")] = str(spec.get("services")[callee]["port"])
    for container in containers(task):
        yield from _of_container(container, expected, spec)


def _of_container(container: Block, expected: dict[str, str], spec: Spec) -> Iterator[Finding]:
    """The container that serves the port does the calling; in any other one a host is as wrong as in that one."""
    told = [(block.text("name") or "", block) for block in container.blocks(ENVIRONMENT)]
    hidden = [block.text("name") or "" for block in container.blocks("secrets")]
    for name in sorted(expected) if container.has("portMappings") else ():
        if [item for item, _ in told].count(name) != 1 or name in hidden:
            found = [item for item in (*(item for item, _ in told), *hidden) if item == name] or None
            yield finding(container, ENVIRONMENT, found, f"{name} = {expected[name]}, once")
    for name, block in told:
        if name in expected and block.text("value") != expected[name]:
            yield finding(block, "value", f"{name} = {block.text('value')}", expected[name])
    for name in (*(item for item, _ in told), *hidden):
        if name not in expected and _names_a_place(name, spec):
            yield finding(container, ENVIRONMENT, name, f"no place but {sorted(expected) or 'none'}")


def _names_a_place(name: str, spec: Spec) -> bool:
    """Whether a variable says where something is: any host, and whatever way to a microservice."""
    ways = "|".join(WAYS)
    names = "|".join(variable(item, "")[:-1] for item in microservices(spec))
    return bool(re.fullmatch(rf"(?i).*_?HOST|(?:{names})_(?:{ways})", name))


API, LAST = f"{TASK}.api-gateway", f"{TASK}.fraud-detector"
PLACE = "container_definitions[0]"
HOST = f"{PLACE}.environment[0].value"


def told(address: str, name: str, value: str) -> Edit:
    """One more variable of the container."""
    return append(address, f"{PLACE}.{ENVIRONMENT}", {"name": name, "value": value})


MUTANTS = (
    Mutant("not told", change(API, f"{PLACE}.environment", lambda items: items[1:]), at=API, stack="gateway"),
    Mutant("no port", change(API, f"{PLACE}.environment", lambda items: [items[0], items[2]]), at=API, stack="gateway"),
    Mutant("another port", put(API, f"{PLACE}.environment[1].value", "8082"), at=API, stack="gateway"),
    Mutant(
        "the load balancer",
        put(API, HOST, "${aws_lb.public.name}.us-east-1.elb.amazonaws.com"),
        at=API,
        stack="gateway",
    ),
    Mutant(
        "the name of another",
        change(API, HOST, lambda host: host.replace("payment-processor", "fraud-detector")),
        at=API,
        stack="gateway",
    ),
    Mutant("an address", put(API, HOST, "10.30.16.20"), at=API, stack="gateway"),
    Mutant("told twice", told(API, "PAYMENT_PROCESSOR_HOST", "10.30.16.20"), at=API, stack="gateway"),
    Mutant(
        "another callee",
        told(API, "FRAUD_DETECTOR_HOST", "discovery-fraud-detector-pr42.namespace-pr42.gateway.internal"),
        at=API,
        stack="gateway",
    ),
    Mutant(
        "another way to a callee",
        told(API, "PAYMENT_PROCESSOR_URL", "http://10.30.16.20:8081"),
        at=API,
        stack="gateway",
    ),
    Mutant("a host for one that calls nobody", told(LAST, "CACHE_HOST", "cache.example.com"), at=LAST, stack="gateway"),
)
