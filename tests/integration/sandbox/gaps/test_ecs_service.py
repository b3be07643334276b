"""A service keeps every field that it was created or updated with."""

from collections.abc import Callable
from typing import Any

STRATEGY = [
    {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE", "base": 0, "weight": 1},
]
DEPLOYMENT = {
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    "alarms": {"alarmNames": ["a"], "enable": True, "rollback": True},
}
FIELDS = {
    "capacityProviderStrategy": STRATEGY,
    "deploymentConfiguration": DEPLOYMENT,
    "availabilityZoneRebalancing": "ENABLED",
    "healthCheckGracePeriodSeconds": 60,
    "enableECSManagedTags": True,
    "enableExecuteCommand": False,
}


def _lost(service: dict[str, Any]) -> set[str]:
    return {name for name, value in FIELDS.items() if service.get(name) != value}


def test_a_created_service_keeps_its_fields(emulator: Any, surround: Callable[[Any], Any]) -> None:
    around = surround(emulator)
    around.create_service(**FIELDS)
    service = around.service()
    assert _lost(service) == set()
    assert "launchType" not in service
    assert service["deployments"][0]["capacityProviderStrategy"] == STRATEGY


def test_a_service_without_strategy_keeps_its_launch_type(emulator: Any, surround: Callable[[Any], Any]) -> None:
    around = surround(emulator)
    around.create_service(launchType="FARGATE")
    assert around.service()["launchType"] == "FARGATE"


def test_an_updated_service_takes_the_new_fields_and_keeps_the_others(
    emulator: Any, surround: Callable[[Any], Any]
) -> None:
    around = surround(emulator)
    around.create_service(**FIELDS)
    around.ecs.update_service(cluster="c", service="s", availabilityZoneRebalancing="DISABLED")
    assert _lost(around.service()) == {"availabilityZoneRebalancing"}


def test_an_updated_service_names_its_task_definition_by_arn(emulator: Any, surround: Callable[[Any], Any]) -> None:
    around = surround(emulator)
    around.create_service()
    newer = around.register_task_definition()
    around.ecs.update_service(cluster="c", service="s", taskDefinition="t:2")
    assert around.service()["taskDefinition"] == newer


def test_plain_moto_still_loses_the_fields(plain_moto: Any, surround: Callable[[Any], Any]) -> None:
    around = surround(plain_moto)
    around.create_service(**FIELDS)
    service = around.service()
    assert {"capacityProviderStrategy", "deploymentConfiguration", "availabilityZoneRebalancing"} <= _lost(service)
    assert service["launchType"] == "EC2"
