"""Every name a deployment will bear, derived from the settings before any construct exists.

The constructs ask `Names` for exactly these; a test over the synthesized JSON holds the two together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.naming import ACCOUNT_ID_STAND_IN, KINDS, NameProblem, Names
from infra.settings.model import Service, Settings

# What one entry of network.vpc_endpoints becomes: ECR needs its API and its registry.
ENDPOINT_COMPONENTS = {"s3": ("s3",), "ecr": ("ecr-api", "ecr-dkr"), "logs": ("logs",)}
GATEWAY_ENDPOINTS = frozenset({"s3"})
SHARED = ""

_ONCE = ("vpc", "internet-gateway", "public-route-table", "default-security-group", "flow-log", "flow-log-role",
         "ecs-cluster", "alb", "https-listener")  # fmt: skip
_PER_ZONE = ("public-subnet", "private-subnet", "private-route-table", "nat-gateway", "elastic-ip")
_PER_SERVICE = ("ecs-service", "task-definition", "log-group", "execution-role", "task-role", "security-group")
_METRICS = ("cpu", "memory")


@dataclass(frozen=True)
class PlannedName:
    """One name to come. `service` is the service it belongs to, "" for what is shared."""

    kind: str
    component: str = ""
    service: str = SHARED


def planned_names(settings: Settings) -> list[PlannedName]:
    """All names of the deployment, in a fixed order."""
    names = [*_shared(settings)]
    for service in settings.services:
        names += _of_service(settings, service)
    return names


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
    yield PlannedName("security-group", "alb")
    yield PlannedName("s3-bucket", f"access-logs-{ACCOUNT_ID_STAND_IN}")
    for kind in _PER_ZONE:
        yield from (PlannedName(kind, zone) for zone in settings.network.availability_zones)
    yield from _endpoints(settings.network.vpc_endpoints)
    if settings.load_balancer.certificate.domain_name:
        yield PlannedName("certificate")
    if settings.logs.encryption == "customer-managed":
        yield PlannedName("kms-key", "logs")
        yield PlannedName("kms-alias", "logs")
    if settings.discovery:
        yield PlannedName("service-discovery-namespace")


def _endpoints(endpoints: tuple[str, ...]) -> Iterator[PlannedName]:
    for endpoint in endpoints:
        yield from (PlannedName("vpc-endpoint", component) for component in ENDPOINT_COMPONENTS[endpoint])
    if set(endpoints) - GATEWAY_ENDPOINTS:
        yield PlannedName("security-group", "vpc-endpoints")


def _of_service(settings: Settings, service: Service) -> Iterator[PlannedName]:
    owner = service.name
    yield from (PlannedName(kind, owner, owner) for kind in _PER_SERVICE)
    yield PlannedName("role-policy", f"{owner}-execution-role", owner)
    if service.task_permissions:
        yield PlannedName("role-policy", f"{owner}-task-role", owner)
    for metric in _METRICS:
        yield PlannedName("scaling-policy", f"{owner}-{metric}", owner)
        yield PlannedName("alarm", f"{owner}-{metric}", owner)
    for callee in service.calls:
        yield PlannedName("security-group-rule", f"{owner}-to-{callee}", owner)
    if service.routes:
        yield PlannedName("target-group", owner, owner)
        yield PlannedName("listener-rule", owner, owner)
        yield PlannedName("security-group-rule", f"alb-to-{owner}", owner)
    if settings.discovery:
        yield PlannedName("service-discovery-service", owner, owner)
    if settings.registry.create_repositories:
        yield PlannedName("ecr-repository", owner, owner)
