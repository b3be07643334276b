"""Who may open a connection to whom, as data: the settings' calls and routes, without a word about security groups."""

from collections.abc import Iterable
from dataclasses import dataclass

from infra.settings.model import Service

LOAD_BALANCER = "alb"


@dataclass(frozen=True, order=True)
class Edge:
    """`source` may open TCP connections to `target` on `port`."""

    source: str
    target: str
    port: int


def edges(services: Iterable[Service]) -> tuple[Edge, ...]:
    """Every edge inside the VPC, sorted: the load balancer to public services, callers to callees.

    A call to a service that does not exist is the settings' error (infra.settings.meaning), a KeyError here.
    """
    ports = {service.name: service.port for service in services}
    public = {Edge(LOAD_BALANCER, service.name, service.port) for service in services if service.routes}
    calls = {Edge(service.name, callee, ports[callee]) for service in services for callee in service.calls}
    return tuple(sorted(public | calls))
