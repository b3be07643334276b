"""Changes of what runs: the cluster, its services and tasks, and their scaling."""

from collections.abc import Callable
from typing import Any

from tests.integration.tampering.change import GATEWAY, PAYMENTS, Change, Target, Undo, unknown

CLUSTER, PROVIDERS = "aws_ecs_cluster.main", "aws_ecs_cluster_capacity_providers.main"
API, FRAUD = "aws_ecs_service.payment-api", "aws_ecs_service.fraud-detection"
TARGET, POLICY = "aws_appautoscaling_target.payment-api", "aws_appautoscaling_policy.payment-api-cpu"
DEFINITION = "aws_ecs_task_definition.payment-api"
EXTRA = unknown("aws_ecs_service")
SCALING = "application-autoscaling"
# What RegisterTaskDefinition takes of what DescribeTaskDefinition says.
REGISTERED = (
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "volumes",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "runtimePlatform",
)


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


def definition_changed(**changed: Any) -> Any:
    """A new task definition, with another container, that the service is turned to."""

    def make(target: Target) -> Undo:
        ecs, service = target.client("ecs"), target[API]
        now = ecs.describe_task_definition(taskDefinition=service["task_definition"], include=["TAGS"])
        wanted = {key: now["taskDefinition"][key] for key in REGISTERED if now["taskDefinition"].get(key)}
        wanted["containerDefinitions"] = [{**wanted["containerDefinitions"][0], **changed}]
        made = ecs.register_task_definition(**wanted, tags=now["tags"])["taskDefinition"]["taskDefinitionArn"]
        place = {"cluster": service["cluster"], "service": service["name"]}
        ecs.update_service(**place, taskDefinition=made)

        def undo() -> None:
            ecs.update_service(**place, taskDefinition=service["task_definition"])
            ecs.deregister_task_definition(taskDefinition=made)

        return undo

    return make


def _by_hand(target: Target) -> dict[str, Any]:
    service = target[FRAUD]
    configuration = service["network_configuration"][0]
    return {
        "cluster": service["cluster"],
        "taskDefinition": service["task_definition"],
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": configuration["subnets"],
                "securityGroups": configuration["security_groups"],
            }
        },
    }


def service_added(target: Target) -> Undo:
    ecs, wanted = target.client("ecs"), _by_hand(target)
    ecs.create_service(**wanted, serviceName="added", desiredCount=0, launchType="FARGATE")
    return lambda: ecs.delete_service(cluster=wanted["cluster"], service="added", force=True)


def task_started(target: Target) -> Undo:
    ecs, wanted = target.client("ecs"), _by_hand(target)
    made = ecs.run_task(**wanted, launchType="FARGATE", count=1)["tasks"][0]["taskArn"]
    return lambda: ecs.stop_task(cluster=wanted["cluster"], task=made)


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


def _place(target: Target, address: str) -> dict[str, Any]:
    values = target[address]
    return {
        "ServiceNamespace": values["service_namespace"],
        "ResourceId": values["resource_id"],
        "ScalableDimension": values["scalable_dimension"],
    }


def range_changed(**changed: Any) -> Any:
    def make(target: Target) -> Undo:
        client, values, place = target.client(SCALING), target[TARGET], _place(target, TARGET)
        before = {"MinCapacity": values["min_capacity"], "MaxCapacity": values["max_capacity"]}
        client.register_scalable_target(**place, **changed)
        return lambda: client.register_scalable_target(**place, **before)

    return make


def _policy(target: Target) -> dict[str, Any]:
    place = _place(target, POLICY)
    found = target.client(SCALING).describe_scaling_policies(
        ServiceNamespace="ecs", ResourceId=place["ResourceId"], PolicyNames=[target[POLICY]["name"]]
    )["ScalingPolicies"][0]
    key = "TargetTrackingScalingPolicyConfiguration"
    return {**place, "PolicyName": found["PolicyName"], "PolicyType": found["PolicyType"], key: found[key]}


def policy_deleted(target: Target) -> Undo:
    client, policy = target.client(SCALING), _policy(target)
    client.delete_scaling_policy(**_place(target, POLICY), PolicyName=policy["PolicyName"])
    return lambda: client.put_scaling_policy(**policy)


def policy_retargeted(target: Target) -> Undo:
    client, policy = target.client(SCALING), _policy(target)
    key = "TargetTrackingScalingPolicyConfiguration"
    client.put_scaling_policy(**{**policy, key: {**policy[key], "TargetValue": 95.0}})
    return lambda: client.put_scaling_policy(**policy)


def steps_added(target: Target) -> Undo:
    client, place = target.client(SCALING), _place(target, POLICY)
    steps = {
        "AdjustmentType": "ExactCapacity",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}],
        "Cooldown": 60,
    }
    client.put_scaling_policy(
        **place, PolicyName="steps", PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )
    return lambda: client.delete_scaling_policy(**place, PolicyName="steps")


def action_scheduled(target: Target) -> Undo:
    client, place = target.client(SCALING), _place(target, TARGET)
    client.put_scheduled_action(
        **place,
        ScheduledActionName="night",
        Schedule="cron(0 22 * * ? *)",
        ScalableTargetAction={"MinCapacity": 0, "MaxCapacity": 0},
    )
    return lambda: client.delete_scheduled_action(**place, ScheduledActionName="night")


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
        PAYMENTS,
        "another image by another task definition",
        definition_changed(image="docker.io/library/busybox:latest"),
        "pinned-images",
        unknown("aws_ecs_task_definition"),
        also=(
            "execution-role-reach",
            "one-task-definition-each",
            "private-images",
            "repository-origin",
            "roles-per-service",
        ),
    ),
    Change(
        PAYMENTS,
        "a privileged container by another task definition",
        definition_changed(privileged=True),
        "privileged-container",
        unknown("aws_ecs_task_definition"),
        also=(
            "one-task-definition-each",
            "roles-per-service",
        ),
    ),
    Change(
        PAYMENTS,
        "a service added to the cluster",
        service_added,
        "one-service-each",
        EXTRA,
        also=(
            "deployment-alarms",
            "deployment-rollback",
            "desired-count",
            "destroyable",
            "name-pattern",
            "name-suffix",
            "platform-version",
            "propagated-tags",
            "reachability",
            "required-tags",
            "scaling-range",
            "scaling-tracks-load",
            "security-group-rules",
            "spot-majority",
            "zone-spread",
        ),
    ),
    Change(
        PAYMENTS,
        "a task started by hand",
        task_started,
        "known-kinds",
        unknown("aws_ecs_task"),
        also=("required-tags",),
    ),
    Change(PAYMENTS, "the most tasks raised to 50", range_changed(MaxCapacity=50), "scaling-range", TARGET),
    Change(PAYMENTS, "the fewest tasks lowered to 1", range_changed(MinCapacity=1), "scaling-range", TARGET),
    Change(PAYMENTS, "one scaling policy deleted", policy_deleted, "scaling-tracks-load", API),
    Change(
        PAYMENTS,
        "the target of a scaling policy raised to 95 percent",
        policy_retargeted,
        "scaling-tracks-load",
        POLICY,
    ),
    Change(
        PAYMENTS,
        "a step policy added",
        steps_added,
        "scaling-without-steps",
        unknown("aws_appautoscaling_policy"),
        also=(
            "name-pattern",
            "name-suffix",
        ),
    ),
    Change(
        PAYMENTS,
        "all tasks stopped every night",
        action_scheduled,
        "known-kinds",
        unknown("aws_appautoscaling_scheduled_action"),
        also=(
            "name-pattern",
            "name-suffix",
            "scaling-without-steps",
        ),
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
