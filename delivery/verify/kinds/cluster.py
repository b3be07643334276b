"""What runs in the cluster: services, the task definitions that are really run, and tasks that no service started.

Answers: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

import json
from collections.abc import Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import block, last, tagged
from delivery.verify.kind import Excuse, Kind, by
from delivery.verify.kinds.running import services, tasks
from delivery.verify.known import Known


def service(answer: Answer) -> dict[str, Any]:
    network = (answer.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    deployment = answer.get("deploymentConfiguration") or {}
    return {
        "id": answer["serviceArn"],
        "name": answer["serviceName"],
        "cluster": answer["clusterArn"],
        "task_definition": answer.get("taskDefinition"),
        "desired_count": answer.get("desiredCount"),
        "launch_type": answer.get("launchType"),
        "platform_version": answer.get("platformVersion"),
        "scheduling_strategy": answer.get("schedulingStrategy"),
        "propagate_tags": answer.get("propagateTags"),
        "enable_execute_command": answer.get("enableExecuteCommand", False),
        "enable_ecs_managed_tags": answer.get("enableECSManagedTags", False),
        "availability_zone_rebalancing": answer.get("availabilityZoneRebalancing"),
        "health_check_grace_period_seconds": answer.get("healthCheckGracePeriodSeconds"),
        "capacity_provider_strategy": [_share(each) for each in answer.get("capacityProviderStrategy", [])],
        "network_configuration": [_network(network)] if network else [],
        "load_balancer": [_balancer(each) for each in answer.get("loadBalancers", [])],
        "service_registries": [_registry(each) for each in answer.get("serviceRegistries", [])],
        "deployment_controller": block({"type": (answer.get("deploymentController") or {}).get("type")}),
        "deployment_maximum_percent": deployment.get("maximumPercent"),
        "deployment_minimum_healthy_percent": deployment.get("minimumHealthyPercent"),
        "deployment_circuit_breaker": [dict(each) for each in (deployment.get("deploymentCircuitBreaker"),) if each],
        "alarms": [_alarms(each) for each in (deployment.get("alarms"),) if each],
        **tagged(answer),
    }


def _share(each: Answer) -> dict[str, Any]:
    return {
        "capacity_provider": each["capacityProvider"],
        "weight": each.get("weight", 0),
        "base": each.get("base", 0),
    }


def _network(each: Answer) -> dict[str, Any]:
    return {
        "subnets": each.get("subnets", []),
        "security_groups": each.get("securityGroups", []),
        "assign_public_ip": each.get("assignPublicIp", "DISABLED") == "ENABLED",
    }


def _balancer(each: Answer) -> dict[str, Any]:
    return {
        "target_group_arn": each.get("targetGroupArn", ""),
        "elb_name": each.get("loadBalancerName", ""),
        "container_name": each.get("containerName"),
        "container_port": each.get("containerPort"),
    }


def _registry(each: Answer) -> dict[str, Any]:
    return {
        "registry_arn": each["registryArn"],
        "port": each.get("port", 0),
        "container_name": each.get("containerName", ""),
        "container_port": each.get("containerPort", 0),
    }


def _alarms(each: Answer) -> dict[str, Any]:
    return {"alarm_names": each.get("alarmNames", []), "enable": each.get("enable"), "rollback": each.get("rollback")}


def task_definition(answer: Answer) -> dict[str, Any]:
    platform = answer.get("runtimePlatform") or {}
    return {
        "id": answer["family"],
        "arn": answer["taskDefinitionArn"],
        "family": answer["family"],
        "revision": answer["revision"],
        "container_definitions": json.dumps(answer["containerDefinitions"]),
        "cpu": answer.get("cpu"),
        "memory": answer.get("memory"),
        "network_mode": answer.get("networkMode"),
        "execution_role_arn": answer.get("executionRoleArn"),
        "task_role_arn": answer.get("taskRoleArn"),
        "pid_mode": answer.get("pidMode"),
        "ipc_mode": answer.get("ipcMode"),
        "requires_compatibilities": answer.get("requiresCompatibilities", []),
        "runtime_platform": block(
            {
                "cpu_architecture": platform.get("cpuArchitecture"),
                "operating_system_family": platform.get("operatingSystemFamily"),
            }
        ),
        "volume": [{"name": each["name"]} for each in answer.get("volumes", [])],
        **tagged(answer),
    }


def task(answer: Answer) -> dict[str, Any]:
    """Terraform has no such kind, and no spec lists it: a task that nobody's service runs is always one too many."""
    return {
        "id": answer["taskArn"],
        "arn": answer["taskArn"],
        "cluster": answer["clusterArn"],
        "task_definition": answer["taskDefinitionArn"],
        "started_by": answer.get("startedBy", ""),
        "group": answer.get("group", ""),
        **tagged(answer),
    }


def _definitions(known: Known, ask: Ask) -> Iterator[Answer]:
    """What services and tasks run now: a service may have been turned to a definition that no state knows."""
    used = [each.get("taskDefinition") for each in services(known, ask)]
    used += [each["taskDefinitionArn"] for each in tasks(known, ask) if not _is_of_a_service(each)]
    for arn in dict.fromkeys(filter(None, used)):
        answer = ask.one("ecs", "describe_task_definition", taskDefinition=arn, include=["TAGS"])
        yield {**answer["taskDefinition"], "tags": answer.get("tags", [])}


def _tasks(known: Known, ask: Ask) -> Iterator[Answer]:
    """Deployments before and after the tasks: one may begin or end meanwhile."""
    before, running, after = _deployments(known, ask), list(tasks(known, ask)), _deployments(known, ask)
    for each in running:
        yield {**each, "OfAService": (_service_of(each), each.get("startedBy")) in before | after}


def _deployments(known: Known, ask: Ask) -> set[tuple[str, str]]:
    """(service, deployment) of everything that ECS is about."""
    return {(each["serviceName"], item["id"]) for each in services(known, ask) for item in each.get("deployments", [])}


def _is_of_a_service(answer: Answer) -> bool:
    return str(answer.get("group")).startswith("service:")


def _service_of(answer: Answer) -> str:
    return last(str(answer.get("group"))).removeprefix("service:")


KINDS = (
    Kind("aws_ecs_service", services, service),
    Kind("aws_ecs_task_definition", _definitions, task_definition, same=by("arn"), id="arn"),
    Kind(
        "aws_ecs_task",
        _tasks,
        task,
        excuses=(
            Excuse(
                "ECS starts the tasks of a service, each in the name of one of the service's deployments",
                lambda answer, _known: bool(answer["OfAService"]),
            ),
        ),
    ),
)
