"""ECS services: the fields of a service that moto forgets."""

from typing import Any

from botocore import xform_name
from moto.ecs.responses import EC2ContainerServiceResponse

from delivery.sandbox.gaps.patch import Patch, wrap

# Wire names in CreateService and UpdateService (API_Service, checked 2026-11-22).
KEPT_FIELDS = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementConstraints",
    "placementStrategy",
    "serviceConnectConfiguration",
    "volumeConfigurations",
)


def _keep(response: Any, service: Any) -> None:
    """Store each field that the request carries; moto's serializer finds it by its snake_case name."""
    for field in KEPT_FIELDS:
        value = response._get_param(field)
        if value is not None:
            setattr(service, xform_name(field), value)
    strategy = getattr(service, "capacity_provider_strategy", None)
    if strategy:
        # AWS shows either a launch type or a strategy (API_CreateService: launchType), moto always says EC2.
        service.launch_type = None
    for deployment in service.deployments:
        deployment["launchType"] = service.launch_type
        deployment["capacityProviderStrategy"] = strategy


def _create_service(original: Any, response: Any) -> Any:
    answer = original(response)
    _keep(response, answer.result["service"])
    return answer


def _update_service(original: Any, response: Any) -> Any:
    answer = original(response)
    service = answer.result["service"]
    _keep(response, service)
    # AWS answers with the full ARN, whatever form the request used.
    service.task_definition = response.ecs_backend.describe_task_definition(service.task_definition).arn
    return answer


def _apply() -> None:
    wrap(EC2ContainerServiceResponse, "create_service", _create_service)
    wrap(EC2ContainerServiceResponse, "update_service", _update_service)


PATCHES = (
    Patch(
        service="ecs",
        name="service-fields",
        gap="CreateService drops the capacity-provider strategy, deployment configuration, AZ rebalancing and more, "
        "so that every second plan shows a difference",
        apply=_apply,
    ),
)
