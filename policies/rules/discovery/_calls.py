"""Who calls whom, by the edges of the spec, and which names that takes."""

from policies.graph import Graph, Resource
from policies.graph.cloud_map import host_of, names_of
from policies.graph.ecs import SERVICE
from policies.microservices import microservice_of
from policies.spec import Spec


def callees(spec: Spec) -> frozenset[str]:
    """Microservices that another one calls."""
    return frozenset(edge["to"] for edge in spec.get("reachability.edges"))


def called_by(caller: str | None, spec: Spec) -> tuple[str, ...]:
    """Microservices that one calls."""
    return tuple(edge["to"] for edge in spec.get("reachability.edges") if edge["from"] == caller)


def variable(microservice: str, ending: str) -> str:
    """What a caller's container calls a callee's name or port: `FRAUD_DETECTOR_HOST`."""
    return f"{microservice.upper().replace('-', '_')}_{ending}"


def hosts(graph: Graph, spec: Spec) -> dict[str, str]:
    """Microservice -> the DNS name that it is registered under."""
    found: dict[str, str] = {}
    for service in graph.of_type(SERVICE):
        name = microservice_of(service, "name", spec)
        for host in filter(None, (host_of(named, graph) for named in names_of(service, graph))):
            found.update({name: host} if name else {})
    return found


def service_of(microservice: str, graph: Graph, spec: Spec) -> Resource | None:
    """The ECS service that bears the name of a microservice."""
    return next((item for item in graph.of_type(SERVICE) if microservice_of(item, "name", spec) == microservice), None)
