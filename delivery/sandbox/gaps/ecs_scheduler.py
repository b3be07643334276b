"""ECS scheduler: a service runs its desired count of tasks, each with an address in the subnets of the service.

This is our simulation, not AWS. It exists so that checks which list tasks, targets and Cloud Map instances have
something to list; what it shows proves nothing about how AWS places, starts, drains or replaces tasks. It has no time:
a task runs as soon as it is wanted and is gone as soon as it is not.
"""

from typing import Any

from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from delivery.sandbox.gaps.ecs_placement import emptiest_subnet, missing_from, split_by_strategy
from delivery.sandbox.gaps.ecs_registration import register, remove_interface, unregister
from delivery.sandbox.gaps.ecs_task import attachment_of, dress, tags_of_task
from delivery.sandbox.gaps.patch import Patch, wrap

NO_PROVIDER = "-"  # a service without strategy: all its tasks are alike


def _reconcile(backend: Any, service: Any) -> None:
    """Stop what the service no longer wants, start what it lacks, and count."""
    wanted = _wanted_providers(service)
    kept = _stop_unwanted(backend, service, wanted)
    for provider in missing_from(wanted, [_provider(task) for task in kept]):
        kept.append(_start(backend, service, provider, [attachment_of(task)["subnetId"] for task in kept]))
    _count(backend, service)


def _wanted_providers(service: Any) -> list[str]:
    if not service.task_definition or not service.network_configuration:
        return []  # EC2 services without awsvpc have no addresses to show
    count = service.desired_count if service.status == "ACTIVE" else 0
    strategy = getattr(service, "capacity_provider_strategy", None)
    return split_by_strategy(strategy, count) if strategy else [NO_PROVIDER] * count


def _stop_unwanted(backend: Any, service: Any, wanted: list[str]) -> list[Any]:
    """The tasks that stay: of this deployment, right revision, right provider, not more than wanted."""
    room = list(wanted)
    kept = []
    for task in _tasks_of(backend, service):
        of_now = task.started_by == _deployment(service) and task.task_definition_arn == service.task_definition
        if of_now and _provider(task) in room:
            room.remove(_provider(task))
            kept.append(task)
        else:
            _stop(backend, service, task)
    return kept


def _start(backend: Any, service: Any, provider: str, used_subnets: list[str]) -> Any:
    network = service.network_configuration["awsvpcConfiguration"]
    subnet_id = emptiest_subnet(network["subnets"], used_subnets)
    definition = backend.describe_task_definition(service.task_definition)
    with_strategy = provider != NO_PROVIDER
    (task,) = backend.run_task(
        service.cluster_name,
        service.task_definition,
        1,
        overrides=None,
        started_by=_deployment(service),
        tags=tags_of_task(service, definition),
        launch_type=None if with_strategy else "FARGATE",
        networking_configuration={"awsvpcConfiguration": {**network, "subnets": [subnet_id]}},
        group=f"service:{service.name}",
        platform_version=service.platform_version,
        capacity_provider_strategy=[{"capacityProvider": provider}] if with_strategy else None,
    )
    dress(task, definition, ec2_backends[backend.account_id][backend.region_name].get_subnet(subnet_id))
    register(backend, service, task)
    return task


def _stop(backend: Any, service: Any, task: Any) -> None:
    backend.tasks[service.cluster_name].pop(task.task_arn)
    unregister(backend, service, task)


def _count(backend: Any, service: Any) -> None:
    running = len(_tasks_of(backend, service))
    service.running_count, service.pending_count = running, 0
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count,
            runningCount=running,
            pendingCount=0,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
            taskDefinition=service.task_definition,
        )
    cluster = backend.clusters[service.cluster_name]
    services = [other for other in backend.services.values() if other.cluster_name == cluster.name]
    cluster.active_services_count = sum(other.status == "ACTIVE" for other in services)
    cluster.running_tasks_count = sum(task.desired_status == "RUNNING" for task in backend.tasks[cluster.name].values())
    cluster.pending_tasks_count = 0


def _tasks_of(backend: Any, service: Any) -> list[Any]:
    tasks = backend.tasks.setdefault(service.cluster_name, {})
    return [task for task in tasks.values() if task.group == f"service:{service.name}"]


def _deployment(service: Any) -> str:
    """The id of the newest deployment; UpdateService with forceNewDeployment makes a new one."""
    return str(service.deployments[0]["id"]) if service.deployments else f"ecs-svc/{service.name}"


def _provider(task: Any) -> str:
    provider: str | None = task.capacity_provider_name
    return provider or NO_PROVIDER


def _after(original: Any, response: Any) -> Any:
    """Create, update or delete the service as moto does, then let the scheduler look at it."""
    answer = original(response)
    _reconcile(response.ecs_backend, answer.result["service"])
    return answer


def _stop_task(original: Any, backend: Any, cluster: str, task_id: str, reason: str) -> Any:
    """A stopped task of a service is replaced; the interface of one that somebody started goes with it."""
    task = original(backend, cluster, task_id, reason)
    if not str(task.group).startswith("service:"):
        remove_interface(backend, task)
    for service in list(backend.services.values()):
        if task.group == f"service:{service.name}" and service.cluster_name == task.cluster_name:
            _stop(backend, service, task)
            _reconcile(backend, service)
    return task


def _list_tasks(original: Any, backend: Any, *filters: Any) -> list[Any]:
    """The filters come by position: cluster, container instance, family, started by, service name, desired status."""
    cluster, service_name, status = (*filters[:1], *filters[4:], None, None, None)[:3]
    tasks: list[Any] = original(backend, *filters)
    if cluster:  # to moto a cluster also has the tasks of those whose names its own is a part of
        tasks = [task for task in tasks if task.cluster_name == cluster.split("/")[-1]]
    if not status:  # AWS lists tasks that shall run (API_ListTasks: desiredStatus)
        tasks = [task for task in tasks if task.desired_status != "STOPPED"]
    if not service_name:
        return tasks
    return [task for task in tasks if task.group == f"service:{service_name.split('/')[-1]}"]


def _apply() -> None:
    for operation in ("create_service", "update_service", "delete_service"):
        wrap(EC2ContainerServiceResponse, operation, _after)
    wrap(EC2ContainerServiceBackend, "stop_task", _stop_task)
    wrap(EC2ContainerServiceBackend, "list_tasks", _list_tasks)


PATCHES = (
    Patch(
        service="ecs",
        name="scheduler",
        gap="a service never has tasks, targets or Cloud Map instances, ListTasks ignores serviceName and lists "
        "tasks of clusters with longer names, and the interface of a stopped task stays",
        apply=_apply,
    ),
)
