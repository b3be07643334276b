"""ECS tasks: what DescribeTasks shows of a task that a service runs, and tasks whose containers name no memory.

What a simulated task shows is our simulation, not AWS.
"""

import time
from types import SimpleNamespace
from typing import Any

from moto.ecs.models import Container, EC2ContainerServiceBackend

from delivery.sandbox.gaps.patch import Patch, wrap


def dress(task: Any, definition: Any, subnet: Any) -> None:
    """Fill in what DescribeTasks shows of a running, healthy Fargate task and moto leaves empty."""
    now = time.time()
    task.launch_type = "FARGATE"
    task.cpu, task.memory = definition.cpu, definition.memory
    task.availability_zone = subnet.availability_zone
    task.connectivity, task.health_status = "CONNECTED", "HEALTHY"
    task.created_at = task.started_at = now
    task.containers = [_container(task, definition, each) for each in definition.container_definitions]
    # moto moves every task one step towards STOPPED whenever it is described; a task of a service keeps running.
    task.advance = lambda: None


def _container(task: Any, definition: Any, container_definition: dict[str, Any]) -> Any:
    container = Container(definition)  # takes the first definition only
    for field in ("name", "image", "environment", "command"):
        setattr(container, field, container_definition.get(field))
    container.cpu = str(container_definition.get("cpu", 0))
    container.memory = str(container_definition["memory"]) if "memory" in container_definition else None
    container.task_arn = task.task_arn
    container.last_status = "RUNNING"
    container.exitCode = None
    address = {
        "attachmentId": task.attachments[0]["id"],
        "privateIpv4Address": attachment_of(task)["privateIPv4Address"],
    }
    container.network_interfaces = [address]
    return container


def tags_of_task(service: Any, definition: Any) -> list[dict[str, str]]:
    """Tags reach tasks only when the service says from where (API_CreateService: propagateTags)."""
    source = {"SERVICE": service, "TASK_DEFINITION": definition}.get(service.propagate_tags)
    tags = [dict(tag) for tag in source.tags] if source else []
    if getattr(service, "enable_ecs_managed_tags", False):
        tags.append({"key": "aws:ecs:clusterName", "value": service.cluster_name})
        tags.append({"key": "aws:ecs:serviceName", "value": service.name})
    return tags


def attachment_of(task: Any) -> dict[str, str]:
    """The network details: subnetId, networkInterfaceId, privateIPv4Address and more."""
    return {detail["name"]: detail["value"] for detail in task.attachments[0]["details"]}


def _resource_requirements(original: Any, task_definition: Any) -> dict[str, Any]:
    """On Fargate the task has the memory, and its containers need not name any; nothing is placed by it."""
    containers = [{"memory": 0, **container} for container in task_definition.container_definitions]
    requirements: dict[str, Any] = original(SimpleNamespace(container_definitions=containers))
    return requirements


def _apply() -> None:
    wrap(EC2ContainerServiceBackend, "_calculate_task_resource_requirements", _resource_requirements)


PATCHES = (
    Patch(
        service="ecs",
        name="task-memory",
        gap="RunTask fails for a definition whose memory is set for the task and not for each container",
        apply=_apply,
    ),
)
