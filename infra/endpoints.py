"""VPC endpoints: traffic to AWS APIs that does not pass the NAT gateways, each with a policy of its own."""

from collections.abc import Iterable
from typing import Any

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from infra import policy
from infra.context import Context, Part
from infra.network import Network
from infra.settings.model import Permission
from infra.traffic import Traffic

INTERFACES = {"ecr": ("ecr.api", "ecr.dkr"), "logs": ("logs",)}  # settings name -> AWS service names


class Endpoints(Part):
    """The endpoints the settings ask for; each lets through what the tasks are allowed to do anyway."""

    def __init__(
        self,
        scope: Construct,
        context: Context,
        network: Network,
        traffic: Traffic,
        repository_arns: Iterable[str],
        log_group_arns: Iterable[str],
    ) -> None:
        super().__init__(scope, "endpoints", context)
        self._network = network
        self.made: list[VpcEndpoint] = []
        wanted = self.settings.network.vpc_endpoints
        statements = {
            "ecr": [*policy.pull_images(repository_arns), *self._granted("ecr")],
            "logs": [policy.write_logs(log_group_arns), *self._granted("logs")],
        }
        if "s3" in wanted:
            gateway = self._gateway()
            traffic.reach_prefix_list(gateway.prefix_list_id, "s3")
        interfaces = [setting for setting in wanted if setting in INTERFACES]
        if interfaces:
            security_group_id = traffic.reach_endpoints().id
            for setting in interfaces:
                for service in INTERFACES[setting]:
                    self._interface(service, security_group_id, statements[setting])

    def _gateway(self) -> VpcEndpoint:
        """S3: image layers lie in an AWS bucket.

        Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html (2026-11-22)
        """
        layers = f"arn:{self.context.partition}:s3:::prod-{self.settings.region}-starport-layer-bucket/*"
        return self._endpoint(
            "s3",
            [policy.allow("PullImageLayers", ["s3:GetObject"], [layers]), *self._granted("s3")],
            vpc_endpoint_type="Gateway",
            route_table_ids=self._network.private_route_table_ids,
        )

    def _granted(self, api: str) -> list[policy.Statement]:
        """What the settings grant to task roles: with private DNS these calls pass the endpoint as well."""
        permissions = (p for service in self.settings.services for p in service.task_permissions)
        parts = (_part_for(api, permission) for permission in permissions)
        return policy.granted(part for part in parts if part.actions and part.resources)

    def _interface(self, service: str, security_group_id: str, statements: list[policy.Statement]) -> None:
        self._endpoint(
            service,
            statements,
            vpc_endpoint_type="Interface",
            subnet_ids=self._network.private_subnet_ids,
            security_group_ids=[security_group_id],
            private_dns_enabled=True,
        )

    def _endpoint(self, service: str, statements: list[policy.Statement], **arguments: Any) -> VpcEndpoint:
        component = service.replace(".", "-")
        endpoint = self.add(
            VpcEndpoint,
            component,
            vpc_id=self._network.vpc.id,
            service_name=f"com.amazonaws.{self.settings.region}.{service}",
            policy=policy.document({**statement, "Principal": "*"} for statement in statements),
            tags=self.name_tag("vpc-endpoint", component),
            **arguments,
        )
        self.made.append(endpoint)
        return endpoint


def _part_for(api: str, permission: Permission) -> Permission:
    """The part of a permission that one AWS API understands; empty when there is none."""
    actions = tuple(action for action in permission.actions if action.startswith(f"{api}:"))
    resources = tuple(resource for resource in permission.resources if resource.split(":")[2:3] == [api])
    return Permission(actions, resources)
