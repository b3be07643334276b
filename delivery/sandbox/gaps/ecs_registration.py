"""Where a task of a service is known: target groups, Cloud Map services, network interfaces.

Part of the scheduler, and like it our simulation, not AWS: a task is registered the moment it runs and healthy at once.
"""

from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.servicediscovery.models import servicediscovery_backends

from delivery.sandbox.gaps.ecs_task import attachment_of


def register(backend: Any, service: Any, task: Any) -> None:
    """Make the task a target of each target group and an instance of each Cloud Map service of its service."""
    attachment = attachment_of(task)
    address = attachment["privateIPv4Address"]
    load_balancing = elbv2_backends[backend.account_id][backend.region_name]
    for balancer in service.load_balancers:
        load_balancing.register_targets(
            balancer["targetGroupArn"], [{"Id": address, "Port": balancer["containerPort"]}]
        )
    discovery = servicediscovery_backends[backend.account_id][backend.region_name]
    for registry in service.service_registries:
        attributes = {
            "AWS_INSTANCE_IPV4": address,
            "AVAILABILITY_ZONE": task.availability_zone,
            "ECS_CLUSTER_NAME": service.cluster_name,
            "ECS_SERVICE_NAME": service.name,
            "ECS_TASK_DEFINITION_FAMILY": service.task_definition.split("/")[-1].split(":")[0],
            "REGION": backend.region_name,
        }
        port = registry.get("containerPort") or registry.get("port")
        if port:
            attributes["AWS_INSTANCE_PORT"] = str(port)
        discovery.register_instance(_registry_id(registry), task.id, "", attributes)


def unregister(backend: Any, service: Any, task: Any) -> None:
    """Undo `register`, as far as the other side still exists, and delete the interface of the task."""
    attachment = attachment_of(task)
    load_balancing = elbv2_backends[backend.account_id][backend.region_name]
    for balancer in service.load_balancers:
        if balancer["targetGroupArn"] in load_balancing.target_groups:
            target = {"Id": attachment["privateIPv4Address"], "Port": balancer["containerPort"]}
            load_balancing.deregister_targets(balancer["targetGroupArn"], [target])
    discovery = servicediscovery_backends[backend.account_id][backend.region_name]
    for registry in service.service_registries:
        registered = discovery.services.get(_registry_id(registry))
        if registered and any(instance.instance_id == task.id for instance in registered.instances):
            discovery.deregister_instance(registered.id, task.id)
    remove_interface(backend, task)


def remove_interface(backend: Any, task: Any) -> None:
    """Delete the network interface of a task that has one."""
    if task.attachments:
        interface = attachment_of(task).get("networkInterfaceId", "")
        ec2_backends[backend.account_id][backend.region_name].enis.pop(interface, None)


def _registry_id(registry: dict[str, Any]) -> str:
    service_id: str = registry["registryArn"].split("/")[-1]
    return service_id
