"""Cloud Map: namespaces, the names in them, and the services that register their tasks under a name."""

from policies.graph.graph import Graph
from policies.graph.resource import Resource

NAMESPACE = "aws_service_discovery_private_dns_namespace"
NAMED = "aws_service_discovery_service"
OTHER_NAMESPACES = ("aws_service_discovery_public_dns_namespace", "aws_service_discovery_http_namespace")
REGISTRY, NAMESPACE_ID = "service_registries.registry_arn", "dns_config.namespace_id"


def names_of(service: Resource, graph: Graph) -> tuple[Resource, ...]:
    """The Cloud Map services that an ECS service registers its tasks with."""
    return graph.targets_of(service, REGISTRY, NAMED)


def host_of(named: Resource, graph: Graph) -> str | None:
    """The DNS name under which Cloud Map answers: its own name in that of its private namespace; None without one."""
    namespaces = graph.lookup(named.get(NAMESPACE_ID), NAMESPACE) if named.has(NAMESPACE_ID) else ()
    if len(namespaces) != 1:
        return None
    return f"{named.text('name')}.{namespaces[0].text('name')}"
