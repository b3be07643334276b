"""Changes of the cluster and of how its services run."""

from collections.abc import Callable
from typing import Any

from tests.integration.tampering.change import GATEWAY, PAYMENTS, Change, Target, Undo

CLUSTER, PROVIDERS = "aws_ecs_cluster.main", "aws_ecs_cluster_capacity_providers.main"
API, FRAUD = "aws_ecs_service.payment-api", "aws_ecs_service.fraud-detection"


def service_updated(address: str, **changed: Any) -> Any:
    """UpdateService; what is given as a function is made of what the service says now."""

    def make(target: Target) -> Undo:
        ecs, values = target.client("ecs"), target[address]
        place = {"cluster": values["cluster"], "service": values["name"]}
        before = ecs.describe_services(cluster=values["cluster"], services=[values["name"]])["services"][0]
        new = {key: value(before[key], target) if callable(value) else value for key, value in changed.items()}
        ecs.update_service(**place, **new)
        kept = {key: before.get(key, False) for key in changed}  # AWS may leave a switch out that is off
        return lambda: ecs.update_service(**place, **kept)

    return make


def shares(*given: tuple[str, int, int]) -> list[dict[str, Any]]:
    return [{"capacityProvider": name, "base": base, "weight": weight} for name, base, weight in given]


def network(**changed: Any) -> Callable[[Any, Target], Any]:
    return lambda before, _target: {"awsvpcConfiguration": {**before["awsvpcConfiguration"], **changed}}


def public_subnets(before: Any, target: Target) -> Any:
    subnets = [target.id(f"aws_subnet.public-us-east-1{zone}") for zone in "abc"]
    return {"awsvpcConfiguration": {**before["awsvpcConfiguration"], "subnets": subnets}}


def rollout(**changed: Any) -> Callable[[Any, Target], Any]:
    return lambda before, _target: {**before, **changed}


def insights_off(target: Target) -> Undo:
    ecs, name = target.client("ecs"), target[CLUSTER]["name"]

    def put(value: str) -> None:
        ecs.update_cluster(cluster=name, settings=[{"name": "containerInsights", "value": value}])

    put("disabled")
    return lambda: put("enabled")


def providers_changed(target: Target) -> Undo:
    ecs, values = target.client("ecs"), target[PROVIDERS]
    before = [
        {"capacityProvider": each["capacity_provider"], "base": each["base"], "weight": each["weight"]}
        for each in values["default_capacity_provider_strategy"]
    ]

    def put(strategy: list[dict[str, Any]]) -> None:
        ecs.put_cluster_capacity_providers(
            cluster=values["cluster_name"],
            capacityProviders=values["capacity_providers"],
            defaultCapacityProviderStrategy=strategy,
        )

    put(shares(("FARGATE", 0, 1)))
    return lambda: put(before)


def cluster_untagged(target: Target) -> Undo:
    ecs, arn = target.client("ecs"), target.id(CLUSTER)
    tags = [{"key": key, "value": value} for key, value in target[CLUSTER]["tags_all"].items() if key == "CostCenter"]
    ecs.untag_resource(resourceArn=arn, tagKeys=["CostCenter"])
    return lambda: ecs.tag_resource(resourceArn=arn, tags=tags)


SPOT, ON_DEMAND = "FARGATE_SPOT", "FARGATE"
CHANGES = (
    Change(
        PAYMENTS,
        "the Spot strategy turned round",
        service_updated(API, capacityProviderStrategy=shares((ON_DEMAND, 1, 3), (SPOT, 0, 1))),
        "spot-majority",
        API,
    ),
    Change(
        PAYMENTS,
        "FARGATE only",
        service_updated(FRAUD, capacityProviderStrategy=shares((ON_DEMAND, 0, 1))),
        "spot-majority",
        FRAUD,
    ),
    Change(
        PAYMENTS,
        "the base given to FARGATE",
        service_updated(API, capacityProviderStrategy=shares((ON_DEMAND, 2, 1), (SPOT, 0, 1))),
        "spot-majority",
        API,
    ),
    Change(PAYMENTS, "the cluster's default strategy without Spot", providers_changed, "spot-majority", PROVIDERS),
    Change(PAYMENTS, "container insights switched off", insights_off, "container-insights", CLUSTER),
    Change(PAYMENTS, "a tag taken from the cluster", cluster_untagged, "required-tags", CLUSTER),
    Change(
        PAYMENTS,
        "public addresses for tasks",
        service_updated(API, networkConfiguration=network(assignPublicIp="ENABLED")),
        "tasks-without-public-ip",
        API,
    ),
    Change(
        PAYMENTS,
        "a service moved to public subnets",
        service_updated(FRAUD, networkConfiguration=public_subnets),
        "tasks-in-private-subnets",
        FRAUD,
        also=(
            "nat-gateway-of-own-zone",
            "reachability",
        ),
    ),
    Change(
        PAYMENTS,
        "the circuit breaker switched off",
        service_updated(
            API, deploymentConfiguration=rollout(deploymentCircuitBreaker={"enable": False, "rollback": False})
        ),
        "deployment-rollback",
        API,
    ),
    Change(
        PAYMENTS,
        "deployments that may stop every task",
        service_updated(API, deploymentConfiguration=rollout(minimumHealthyPercent=0)),
        "deployment-percentages",
        API,
        also=("rollout-keeps-minimum",),
    ),
    Change(
        PAYMENTS,
        "commands in running tasks allowed",
        service_updated(API, enableExecuteCommand=True),
        "execute-command",
        API,
    ),
    Change(
        GATEWAY,
        "the alarms that end a rollout switched off",
        service_updated(
            "aws_ecs_service.api-gateway",
            deploymentConfiguration=rollout(alarms={"alarmNames": [], "enable": False, "rollback": False}),
        ),
        "blue-green-alarms",
        "aws_ecs_service.api-gateway",
        also=(
            "deployment-alarms",
            "deployment-rollback",
        ),
    ),
)
