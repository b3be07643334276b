"""The ECS cluster with both Fargate capacity providers and Container Insights."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.ecs_cluster import EcsCluster, EcsClusterSetting
from cdktf_cdktf_provider_aws.ecs_cluster_capacity_providers import (
    EcsClusterCapacityProviders,
    EcsClusterCapacityProvidersDefaultCapacityProviderStrategy,
)
from constructs import Construct

from infra.capacity import strategy
from infra.context import Context, Part


class Cluster(Part):
    """Runs every service of the platform."""

    def __init__(self, scope: Construct, context: Context, insights_log_group: CloudwatchLogGroup) -> None:
        super().__init__(scope, "cluster", context)
        self.cluster = self.add(
            EcsCluster,
            "main",
            name=self.name("ecs-cluster"),
            setting=[EcsClusterSetting(name="containerInsights", value="enabled")],
            depends_on=[insights_log_group],  # made before Insights would, removed only when it has nothing to log
        )
        shares = strategy(self.settings.capacity)
        self.capacity_providers = self.add(
            EcsClusterCapacityProviders,
            "main",
            cluster_name=self.cluster.name,
            capacity_providers=[share.provider for share in shares],
            default_capacity_provider_strategy=[
                EcsClusterCapacityProvidersDefaultCapacityProviderStrategy(
                    capacity_provider=share.provider, base=share.base, weight=share.weight
                )
                for share in shares
            ],
        )
