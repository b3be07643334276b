"""Every name a deployment will bear, derived from the settings before any construct exists.

The constructs ask `Names` for exactly these; a test over the synthesized JSON holds the two together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infra.edges import LOAD_BALANCER
from infra.naming import ACCOUNT_ID_STAND_IN, KINDS, NameProblem, Names
from infra.settings.model import DatabaseUser, Outbound, Secret, Service, Settings

# What one entry of network.vpc_endpoints becomes: ECR needs its API and its registry.
ENDPOINT_COMPONENTS = {"s3": ("s3",), "ecr": ("ecr-api", "ecr-dkr"), "logs": ("logs",)}
GATEWAY_ENDPOINTS = frozenset({"s3"})
ENDPOINTS = "vpc-endpoints"
HTTPS_OUT, DATABASE_OUT = "aws-apis", "database"  # the ways out of a function
SHARED = ""
GREEN, TEST = "-green", "-test"  # what blue/green adds to the name of a service: its second target group, its test rule
REDEPLOYMENT = "redeployment"

_ONCE = ("vpc", "internet-gateway", "public-route-table", "default-security-group", "flow-log", "flow-log-role",
         "ecs-cluster", "alb", "https-listener")  # fmt: skip
_PER_ZONE = ("public-subnet", "private-subnet", "private-route-table", "nat-gateway", "elastic-ip")
_PER_SERVICE = ("ecs-service", "task-definition", "log-group", "execution-role", "task-role", "security-group")
_METRICS = ("cpu", "memory")
_ALARMS = ("running-tasks",)
_PUBLIC_ALARMS = ("target-5xx", "unhealthy-targets")
_SLOW_ALARM = "slow-answers"
_PER_FUNCTION = ("function", "function-role")


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
    for way in (*service.outbound, *databases_of(service)):
        times[way.port] += 1
        again = f"-{times[way.port]}" if times[way.port] > 1 else ""
        yield f"{service.name}-to-outbound-{way.port}{again}", way


def databases_of(service: Service) -> Iterator[Outbound]:
    """The ways of a service to the databases that its secrets open, each once, and none that it has anyway."""
    users = (secret.database_user for secret in service.secrets.values())
    ways = [way_to(user) for user in users if user]
    has = {(way.port, way.cidr) for way in service.outbound}
    yield from (way for way in dict.fromkeys(ways) if (way.port, way.cidr) not in has)


def way_to(user: DatabaseUser) -> Outbound:
    """Out to the database of a secret."""
    return Outbound(user.port, user.cidr, f"Database at {user.cidr}")


def secret_component(service: str, secret: str) -> str:
    """What names a secret, and all that serves it: payment-processor and database -> payment-processor-database."""
    return f"{service}-{secret}"


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
    for purpose in _keys(settings):
        yield PlannedName("kms-key", purpose)
        yield PlannedName("kms-alias", purpose)
    if settings.has_secrets:
        yield from _of_function(REDEPLOYMENT, [HTTPS_OUT], SHARED)
        yield PlannedName("event-rule", REDEPLOYMENT)


def _keys(settings: Settings) -> Iterator[str]:
    """What the deployment has a KMS key of its own for."""
    if settings.logs.encryption == "customer-managed":
        yield "logs"
    if settings.registry.create_repositories and settings.registry.encryption == "kms":
        yield "registry"
    if settings.has_secrets:
        yield "secrets"


def _of_function(function: str, leaving: Iterable[str], owner: str) -> Iterator[PlannedName]:
    yield from (PlannedName(kind, function, owner) for kind in _PER_FUNCTION)
    yield PlannedName("security-group", function, owner)
    yield PlannedName("role-policy", f"{function}-function-role", owner)
    yield from (PlannedName("security-group-rule", f"{function}-to-{way}-egress", owner) for way in leaving)


def _of_secret(service: Service, name: str, secret: Secret) -> Iterator[PlannedName]:
    component = secret_component(service.name, name)
    yield PlannedName("secret", component, service.name)
    leaving = [HTTPS_OUT, *([DATABASE_OUT] if secret.database_user else [])]
    yield from _of_function(f"{component}-rotation", leaving, service.name)


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
    yield from (PlannedName("alarm", f"{owner}-{alarm}", owner) for alarm in _alarms(service))
    if service.routes:
        yield PlannedName("target-group", owner, owner)
        yield PlannedName("listener-rule", owner, owner)
    if service.routes and service.rollout.blue_green:
        yield PlannedName("target-group", f"{owner}{GREEN}", owner)
        yield PlannedName("listener-rule", f"{owner}{TEST}", owner)
        yield PlannedName("infrastructure-role", owner, owner)
        yield PlannedName("role-policy", f"{owner}-infrastructure-role", owner)
        if service.rollout.blue_green.hooks:
            yield PlannedName("hook-role", owner, owner)
            yield PlannedName("role-policy", f"{owner}-hook-role", owner)
    for name, secret in service.secrets.items():
        yield from _of_secret(service, name, secret)
    if settings.registry.create_repositories:
        yield PlannedName("ecr-repository", owner, owner)


def _alarms(service: Service) -> Iterator[str]:
    yield from _ALARMS
    if service.routes:
        of_targets = (*_PUBLIC_ALARMS, *((_SLOW_ALARM,) if service.routes.slowest_answer_seconds else ()))
        for color in ("blue-", "green-") if service.rollout.blue_green else ("",):
            yield from (f"{color}{alarm}" for alarm in of_targets)


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
