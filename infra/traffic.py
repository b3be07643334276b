"""Security groups: exactly the declared edges, the ways out, and the entrance; nothing else."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from infra.context import Context, Part
from infra.edges import LOAD_BALANCER, Edge, edges
from infra.planned_names import ENDPOINTS, ways_out
from infra.settings.model import Outbound, Service

HTTPS = 443
Rule: TypeAlias = VpcSecurityGroupEgressRule | VpcSecurityGroupIngressRule


class Traffic(Part):
    """One group for the load balancer, one per service, one for the interface endpoints."""

    def __init__(self, scope: Construct, context: Context, vpc_id: str) -> None:
        super().__init__(scope, "traffic", context)
        self._vpc_id = vpc_id
        self._owners: dict[str, str] = {}  # group -> the microservice whose it is
        services = self.settings.services
        self.load_balancer = self._group(LOAD_BALANCER, "Public entrance, HTTPS only")
        self.of_service = {
            service.name: self._group(service.name, f"Tasks of {service.name}", service.name) for service in services
        }
        # By where the traffic comes from: what has to stand before that place can reach anything.
        self.ways_from: dict[str, list[Rule]] = defaultdict(list)
        self._groups = {LOAD_BALANCER: self.load_balancer, **self.of_service}
        for index, cidr in enumerate(self.settings.load_balancer.client_cidrs, start=1):
            self._enter_from_clients(index, cidr)
        for edge in edges(services):
            self._connect(edge)
        for service in services:
            self._leave_the_vpc(service)

    def reach_endpoints(self) -> SecurityGroup:
        """The group of the interface endpoints, which every service may reach over HTTPS."""
        self._groups[ENDPOINTS] = self._group(ENDPOINTS, "Interface endpoints of AWS APIs")
        for service in self.settings.services:
            self._connect(Edge(service.name, ENDPOINTS, HTTPS))
        return self._groups[ENDPOINTS]

    def reach_prefix_list(self, prefix_list_id: str, purpose: str) -> None:
        """Let every service reach an AWS prefix list (a gateway endpoint) over HTTPS."""
        for service in self.settings.services:
            self._egress(
                f"{service.name}-to-{purpose}", service.name, HTTPS, f"To {purpose}", prefix_list_id=prefix_list_id
            )

    def let_out(self, function: str, owner: str, ways: Mapping[str, Outbound]) -> SecurityGroup:
        """The group of a function, which nobody may reach; `ways` are where it goes, by what the rule is called."""
        self._groups[function] = self._group(function, f"Function {function}", owner)
        for way, outbound in ways.items():
            self._egress(f"{function}-to-{way}", function, outbound.port, outbound.purpose, cidr_ipv4=outbound.cidr)
        return self._groups[function]

    def _group(self, component: str, description: str, owner: str = "") -> SecurityGroup:
        self._owners[component] = owner
        return self.add(
            SecurityGroup,
            component,
            owner,
            name=self.name("security-group", component),
            description=description,
            vpc_id=self._vpc_id,
            revoke_rules_on_delete=True,  # groups that name each other could otherwise not be deleted
        )

    def _enter_from_clients(self, index: int, cidr: str) -> None:
        self._ingress(f"clients-{index}-to-{LOAD_BALANCER}", LOAD_BALANCER, HTTPS, f"HTTPS from {cidr}", cidr_ipv4=cidr)

    def _connect(self, edge: Edge) -> None:
        """Both halves of an edge: out of the source's group, into the target's."""
        address = f"{edge.source}-to-{edge.target}"
        source_id, target_id = self._groups[edge.source].id, self._groups[edge.target].id
        self._egress(address, edge.source, edge.port, f"To {edge.target}", referenced_security_group_id=target_id)
        entry = self._ingress(
            address, edge.target, edge.port, f"From {edge.source}", referenced_security_group_id=source_id
        )
        self.ways_from[edge.source].append(entry)

    def _leave_the_vpc(self, service: Service) -> None:
        for address, outbound in ways_out(service):
            self._egress(address, service.name, outbound.port, outbound.purpose, cidr_ipv4=outbound.cidr)

    def _egress(self, address: str, group: str, port: int, description: str, **target: str) -> None:
        rule = self._rule(f"{address}-egress", group, port, description)
        self.ways_from[group].append(self._add_rule(VpcSecurityGroupEgressRule, address, group, rule, target))

    def _ingress(self, address: str, group: str, port: int, description: str, **source: str) -> Rule:
        rule = self._rule(f"{address}-ingress", group, port, description)
        return self._add_rule(VpcSecurityGroupIngressRule, address, group, rule, source)

    def _add_rule(
        self, kind: type[Rule], address: str, group: str, rule: dict[str, object], peer: dict[str, str]
    ) -> Rule:
        """A rule belongs to whom its group belongs to."""
        return self.add(kind, address, self._owners[group], **rule, **peer)

    def _rule(self, component: str, group: str, port: int, description: str) -> dict[str, object]:
        return {
            "security_group_id": self._groups[group].id,
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "description": description,
            "tags": self.name_tag("security-group-rule", component),
        }
