"""Cloud Map: services whose namespace is named in the DNS configuration, listed by it, and a namespace's zone."""

import json
from typing import Any

from moto.route53.models import route53_backends
from moto.servicediscovery.models import ServiceDiscoveryBackend
from moto.servicediscovery.responses import ServiceDiscoveryResponse

from delivery.sandbox.gaps.patch import Patch, wrap


def _create_service(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> Any:
    service = original(backend, *arguments, **keywords)
    if not service.namespace_id and service.dns_config:
        service.namespace_id = service.dns_config.get("NamespaceId")
    return service


def _list_services(original: Any, response: Any) -> str:
    """`Filters` keeps the services of one namespace, the only thing that AWS filters by (API_ServiceFilter)."""
    answer = json.loads(original(response))
    wanted = {value for each in response._get_param("Filters") or [] for value in each["Values"]}
    services = response.servicediscovery_backend.services
    if wanted:
        answer["Services"] = [each for each in answer["Services"] if services[each["Id"]].namespace_id in wanted]
    return json.dumps(answer)


def _create_private_dns_namespace(original: Any, backend: Any, *arguments: Any, **keywords: Any) -> str:
    """moto names the zone `NAME-hz`; on AWS it has the name of the namespace."""
    known = set(backend.namespaces)
    operation_id: str = original(backend, *arguments, **keywords)
    for namespace_id in set(backend.namespaces) - known:
        namespace = backend.namespaces[namespace_id]
        zone = _zones(backend)[namespace.dns_properties["HostedZoneId"].split("/")[-1]]
        zone.name = f"{namespace.name}."
        # The API gives the bare id, without the `/hostedzone/` that Route 53 puts in front.
        namespace.dns_properties["HostedZoneId"] = zone.resource_id
    return operation_id


def _delete_namespace(original: Any, backend: Any, namespace_id: str) -> str:
    namespace = backend.get_namespace(namespace_id)
    operation_id: str = original(backend, namespace_id)
    _zones(backend).pop((namespace.dns_properties or {}).get("HostedZoneId", ""), None)
    return operation_id


def _zones(backend: Any) -> dict[str, Any]:
    zones: dict[str, Any] = route53_backends[backend.account_id][backend.partition].zones
    return zones


def _apply_discovery() -> None:
    wrap(ServiceDiscoveryBackend, "create_service", _create_service)


def _apply_filters() -> None:
    wrap(ServiceDiscoveryResponse, "list_services", _list_services)


def _apply_zones() -> None:
    wrap(ServiceDiscoveryBackend, "create_private_dns_namespace", _create_private_dns_namespace)
    wrap(ServiceDiscoveryBackend, "delete_namespace", _delete_namespace)


PATCHES = (
    Patch(
        service="servicediscovery",
        name="dns-config-namespace",
        gap="DiscoverInstances does not find a service whose namespace is given as DnsConfig.NamespaceId, which is how "
        "the AWS provider gives it",
        apply=_apply_discovery,
    ),
    Patch(
        service="servicediscovery",
        name="service-filters",
        gap="ListServices ignores its filter and lists the services of every namespace",
        apply=_apply_filters,
    ),
    Patch(
        service="servicediscovery",
        name="namespace-zone",
        gap="the hosted zone of a private DNS namespace has a wrong name and outlives the namespace",
        apply=_apply_zones,
    ),
)
