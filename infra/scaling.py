"""Target tracking between the minimum and maximum task count, on CPU and on memory."""

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from cdktf_cdktf_provider_aws.ecs_service import EcsService
from constructs import Construct

from infra.context import Context, Part
from infra.settings.model import Service


class ServiceScaling(Part):
    """Scales out when either metric asks for it, in only when both agree (how AWS combines target tracking)."""

    def __init__(
        self, scope: Construct, context: Context, service: Service, cluster_name: str, ecs_service: EcsService
    ) -> None:
        super().__init__(scope, "scaling", context)
        self._service = service
        self._target = self.add(
            AppautoscalingTarget,
            service.name,
            service.name,
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=f"service/{cluster_name}/{ecs_service.name}",
            min_capacity=service.scaling.min_tasks,
            max_capacity=service.scaling.max_tasks,
        )
        self._track("cpu", "ECSServiceAverageCPUUtilization", service.scaling.cpu_target_percent)
        self._track("memory", "ECSServiceAverageMemoryUtilization", service.scaling.memory_target_percent)

    def _track(self, component: str, metric: str, target_percent: int) -> None:
        address = f"{self._service.name}-{component}"
        scaling = self._service.scaling
        self.add(
            AppautoscalingPolicy,
            address,
            name=self.name("scaling-policy", address),
            policy_type="TargetTrackingScaling",
            service_namespace=self._target.service_namespace,
            scalable_dimension=self._target.scalable_dimension,
            resource_id=self._target.resource_id,
            target_tracking_scaling_policy_configuration=AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                predefined_metric_specification=(
                    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
                        predefined_metric_type=metric
                    )
                ),
                target_value=target_percent,
                scale_out_cooldown=scaling.scale_out_cooldown_seconds,
                scale_in_cooldown=scaling.scale_in_cooldown_seconds,
                disable_scale_in=False,
            ),
        )
