"""Every name a deployment will bear, derived from the settings before any construct exists.

The constructs ask `Names` for exactly these; a test over the synthesized JSON holds the two together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infra.edges import LOAD_BALANCER
from infra.naming import ACCOUNT_ID_STAND_IN, KINDS, NameProblem, Names
from infra.settings.model import Outbound, Service, Settings

# What one entry of network.vpc_endpoints becomes: ECR needs its API and its registry.
ENDPOINT_COMPONENTS = {"s3": ("s3",), "ecr": ("ecr-api", "ecr-dkr"), "logs": ("logs",)}
GATEWAY_ENDPOINTS = frozenset({"s3"})
ENDPOINTS = "vpc-endpoints"
SHARED = ""

_ONCE = ("vpc", "internet-gateway", "public-route-table", "default-security-group", "flow-log", "flow-log-role",
         "ecs-cluster", "alb", "https-listener")  # fmt: skip
_PER_ZONE = ("public-subnet", "private-subnet", "private-route-table", "nat-gateway", "elastic-ip")
_PER_SERVICE = ("ecs-service", "task-definition", "log-group", "execution-role", "task-role", "security-group")
_METRICS = ("cpu", "memory")
_ALARMS = ("running-tasks",)
_PUBLIC_ALARMS = ("target-5xx", "unhealthy-targets")


@dataclass(frozen=True)
class PlannedName:
    """One name to come. `service` is the service it belongs to, "" for what is shared."""

    kind: str
    component: str = ""
    service: str = SHARED


def interface_endpoints(endpoints: Iterable[str]) -> tuple[str, ...]:
    """Components of the endpoints that take an address in every private subnet."""
    return tuple(
        component
        for endpoint in endpoints
        if endpoint not in GATEWAY_ENDPOINTS
        for component in ENDPOINT_COMPONENTS[endpoint]
    )


def ways_out(service: Service) -> Iterator[tuple[str, Outbound]]:
    """Each way out of a service with an address of its own: x-to-outbound-443, then x-to-outbound-443-2."""
    times: Counter[int] = Counter()
    for way in service.outbound:
        times[way.port] += 1
        again = f"-{times[way.port]}" if times[way.port] > 1 else ""
        yield f"{service.name}-to-outbound-{way.port}{again}", way


def planned_names(settings: Settings) -> list[PlannedName]:
    """All names of the deployment, in a fixed order."""
    names = [*_shared(settings)]
    for service in settings.services:
        names += _of_service(settings, service)
    return [*names, *_traffic(settings), *_discovery(settings)]


def check_all(settings: Settings) -> list[tuple[PlannedName, NameProblem]]:
    """Each planned name that AWS would refuse, or that two resources of one kind would share."""
    names = Names.for_settings(settings)
    problems = []
    seen: set[tuple[str, str]] = set()
    for planned in planned_names(settings):
        problem = names.problem(planned.kind, planned.component)
        key = (planned.kind, planned.component)
        if problem is None and key in seen:
            problem = _taken(names, planned)
        seen.add(key)
        if problem:
            problems.append((planned, problem))
    return problems


def _taken(names: Names, planned: PlannedName) -> NameProblem:
    name, rule = names.of(planned.kind, planned.component), KINDS[planned.kind]
    return NameProblem(planned.kind, planned.component, name, len(name), rule.max_length,
                       "is already the name of another resource", "a name of its own", rule.source)  # fmt: skip


def _shared(settings: Settings) -> Iterator[PlannedName]:
    yield from (PlannedName(kind) for kind in _ONCE)
    yield PlannedName("log-group", "vpc-flows")
    yield PlannedName("role-policy", "flow-log")
    yield PlannedName("security-group", LOAD_BALANCER)
    yield PlannedName("s3-bucket", f"access-logs-{ACCOUNT_ID_STAND_IN}")
    for kind in _PER_ZONE:
        yield from (PlannedName(kind, zone) for zone in settings.network.availability_zones)
    yield from _endpoints(settings.network.vpc_endpoints)
    if settings.load_balancer.certificate.domain_name:
        yield PlannedName("certificate")
    if settings.logs.encryption == "customer-managed":
        yield PlannedName("kms-key", "logs")
        yield PlannedName("kms-alias", "logs")


def _endpoints(endpoints: tuple[str, ...]) -> Iterator[PlannedName]:
    for endpoint in endpoints:
        yield from (PlannedName("vpc-endpoint", component) for component in ENDPOINT_COMPONENTS[endpoint])
    if interface_endpoints(endpoints):
        yield PlannedName("security-group", ENDPOINTS)


def _of_service(settings: Settings, service: Service) -> Iterator[PlannedName]:
    owner = service.name
    yield from (PlannedName(kind, owner, owner) for kind in _PER_SERVICE)
    yield PlannedName("role-policy", f"{owner}-execution-role", owner)
    if service.task_permissions:
        yield PlannedName("role-policy", f"{owner}-task-role", owner)
    yield from (PlannedName("scaling-policy", f"{owner}-{metric}", owner) for metric in _METRICS)
    alarms = (*_ALARMS, *_PUBLIC_ALARMS) if service.routes else _ALARMS
    yield from (PlannedName("alarm", f"{owner}-{alarm}", owner) for alarm in alarms)
    if service.routes:
        yield PlannedName("target-group", owner, owner)
        yield PlannedName("listener-rule", owner, owner)
    if settings.registry.create_repositories:
        yield PlannedName("ecr-repository", owner, owner)


def _traffic(settings: Settings) -> Iterator[PlannedName]:
    """Every edge has two rules, one in each group; what leaves or enters the VPC has one."""
    endpoints = settings.network.vpc_endpoints
    for number in range(1, len(settings.load_balancer.client_cidrs) + 1):
        yield PlannedName("security-group-rule", f"clients-{number}-to-{LOAD_BALANCER}-ingress")
    for service in settings.services:
        targets = (*dict.fromkeys(service.calls), *((ENDPOINTS,) if interface_endpoints(endpoints) else ()))
        edges = [f"{service.name}-to-{target}" for target in targets]
        edges += [f"{LOAD_BALANCER}-to-{service.name}"] if service.routes else []
        leaving = [address for address, _ in ways_out(service)]
        leaving += [f"{service.name}-to-{endpoint}" for endpoint in endpoints if endpoint in GATEWAY_ENDPOINTS]
        for edge in edges:
            yield PlannedName("security-group-rule", f"{edge}-ingress", service.name)
        for edge in (*edges, *leaving):
            yield PlannedName("security-group-rule", f"{edge}-egress", service.name)


def _discovery(settings: Settings) -> Iterator[PlannedName]:
    if settings.discovery:
        yield PlannedName("service-discovery-namespace")
        for callee in sorted({callee for service in settings.services for callee in service.calls}):
            yield PlannedName("service-discovery-service", callee, callee)
