"""Private DNS names for calls between services (Cloud Map)."""

from cdktf_cdktf_provider_aws.service_discovery_private_dns_namespace import ServiceDiscoveryPrivateDnsNamespace
from cdktf_cdktf_provider_aws.service_discovery_service import (
    ServiceDiscoveryService,
    ServiceDiscoveryServiceDnsConfig,
    ServiceDiscoveryServiceDnsConfigDnsRecords,
    ServiceDiscoveryServiceHealthCheckCustomConfig,
)
from constructs import Construct

from infra.context import Context, Part
from infra.settings.model import Discovery as DiscoverySettings

RECORD_TTL_SECONDS = 10  # how long a caller may still go to a task that was replaced


class Discovery(Part):
    """A namespace of this deployment, and in it one name per service that is called by another."""

    def __init__(self, scope: Construct, context: Context, settings: DiscoverySettings, vpc_id: str) -> None:
        super().__init__(scope, "discovery", context)
        self._namespace_name = f"{self.name('service-discovery-namespace')}.{settings.namespace}"
        self._namespace = self.add(
            ServiceDiscoveryPrivateDnsNamespace,
            "main",
            name=self._namespace_name,
            description=f"Services of {self.settings.stack_name}",
            vpc=vpc_id,
        )
        called = {callee for service in self.settings.services for callee in service.calls}
        self.registry_arn_of = {name: self._register(name) for name in sorted(called)}

    def host_name(self, service_name: str) -> str:
        """The DNS name under which the tasks of a service answer."""
        return f"{self.name('service-discovery-service', service_name)}.{self._namespace_name}"

    def _register(self, service_name: str) -> str:
        record = ServiceDiscoveryServiceDnsConfigDnsRecords(type="A", ttl=RECORD_TTL_SECONDS)
        return self.add(
            ServiceDiscoveryService,
            service_name,
            service_name,
            name=self.name("service-discovery-service", service_name),
            dns_config=ServiceDiscoveryServiceDnsConfig(
                namespace_id=self._namespace.id, routing_policy="MULTIVALUE", dns_records=[record]
            ),
            # ECS reports the health of the container to Cloud Map, which needs this block to take it.
            health_check_custom_config=ServiceDiscoveryServiceHealthCheckCustomConfig(failure_threshold=1),
            force_destroy=True,
        ).arn
