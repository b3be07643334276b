"""Whoever is called is found under a name of its own; whoever is not called is found under none."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.cloud_map import NAMED, NAMESPACE, NAMESPACE_ID, names_of
from policies.graph.ecs import SERVICE
from policies.microservices import microservice_of
from policies.mutant import Mutant, append, both, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.discovery._calls import callees
from policies.spec import Spec

RULE = Rule(
    id="callees-registered",
    title="ECS service that others call registers its tasks in Cloud Map under its own name, any other in none",
    severity=Severity.HIGH,
    clauses=("G.4.2", "G.4.4"),
    pci_dss=("1.4.4",),
    rationale="A callee without a name is found by nobody; two services under one name answer each other's calls; one "
    "that nobody calls needs no address.",
    remediation="Give each callee an aws_service_discovery_service with A records and a custom health check, and name "
    "it in service_registries of that service only.",
    source=Source("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html", "2026-11-26"),
    applies_to=(SERVICE, NAMED),
)

REGISTRIES, RECORDS = "service_registries", "dns_config.dns_records"
MOST_SECONDS = 60  # how long a caller may go on to a task that was replaced


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings at services that register where they should not, or not where they should, and at names."""
    if not spec.states("discovery"):
        return
    users: dict[str, list[str]] = {named.address: [] for named in graph.of_type(NAMED)}
    for service in graph.of_type(SERVICE):
        found = names_of(service, graph)
        for named in found:
            users[named.address].append(service.address)
        name = microservice_of(service, "name", spec)
        if name is not None:
            yield from _of_service(service, name, found, spec)
    for address, services in users.items():
        if len(services) != 1:
            yield finding(graph.resources[address], "", services or None, "one service that registers here")
        yield from _of_name(graph.resources[address], graph)


def _of_service(service: Resource, name: str, found: tuple[Resource, ...], spec: Spec) -> Iterator[Finding]:
    if name not in callees(spec):
        if service.has(REGISTRIES):
            yield finding(service, REGISTRIES, [item.address for item in found], f"none: nobody calls {name}")
    elif len(found) != 1:
        yield finding(service, REGISTRIES, [item.address for item in found] or None, f"one name for {name}")
    elif (owner := microservice_of(found[0], "name", spec)) != name:
        yield finding(service, REGISTRIES, f"{found[0].address} of {owner}", f"a name of {name}")


def _of_name(named: Resource, graph: Graph) -> Iterator[Finding]:
    """A name that is answered with the addresses of healthy tasks, in the private namespace."""
    if not named.has(NAMESPACE_ID) or not graph.lookup(named.get(NAMESPACE_ID), NAMESPACE):
        yield finding(named, NAMESPACE_ID, named.get(NAMESPACE_ID), "the private namespace of this stack")
    records = named.blocks(RECORDS) if named.has(RECORDS) else ()
    kinds = [record.text("type") for record in records]
    if kinds != ["A"]:
        yield finding(named, RECORDS, kinds or None, "A records: tasks are reached by address")
    for record in records:
        if (seconds := record.number("ttl")) is None or seconds > MOST_SECONDS:
            yield finding(record, "ttl", seconds, f"at most {MOST_SECONDS} seconds")
    if named.get("health_check_custom_config") is None:
        yield finding(named, "health_check_custom_config", None, "ECS's word on the health of the task")
    if named.has("health_check_config"):
        yield finding(named, "health_check_config", named.get("health_check_config"), "no check from outside the VPC")


API, INNER, LAST = (f"{SERVICE}.{name}" for name in ("api-gateway", "payment-processor", "fraud-detector"))
OWN, LAST_NAME = f"{NAMED}.payment-processor", f"{NAMED}.fraud-detector"
LOST = ("callers-know-callees",)
MUTANTS = (
    Mutant("not registered", drop(INNER, REGISTRIES), at=INNER, also=LOST, stack="gateway"),
    Mutant("nobody registers", drop(INNER, REGISTRIES), at=OWN, also=LOST, stack="gateway"),
    Mutant(
        "under the name of another",
        put(INNER, f"{REGISTRIES}.registry_arn", f"${{{LAST_NAME}.arn}}"),
        at=INNER,
        also=LOST,
        stack="gateway",
    ),
    Mutant(
        "two services under one name",
        put(INNER, f"{REGISTRIES}.registry_arn", f"${{{LAST_NAME}.arn}}"),
        at=LAST_NAME,
        also=LOST,
        stack="gateway",
    ),
    Mutant(
        "the public service by name",
        both(duplicate(OWN, "gateway"), put(API, REGISTRIES, [{"registry_arn": f"${{{NAMED}.gateway.arn}}"}])),
        at=API,
        also=("blue-green-behind-load-balancer",),
        stack="gateway",
    ),
    Mutant("records of ports", put(OWN, f"{RECORDS}[0].type", "SRV"), at=OWN, stack="gateway"),
    Mutant(
        "records of another kind beside", append(OWN, RECORDS, {"type": "AAAA", "ttl": 10}), at=OWN, stack="gateway"
    ),
    Mutant("an answer that callers keep", put(OWN, f"{RECORDS}[0].ttl", "3600"), at=OWN, stack="gateway"),
    Mutant("no health", drop(OWN, "health_check_custom_config"), at=OWN, stack="gateway"),
    Mutant("no DNS at all", drop(OWN, "dns_config"), at=OWN, also=LOST, stack="gateway"),
)
