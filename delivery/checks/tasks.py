"""Task definitions and the tasks that run them."""

from delivery.checks.check import Problems, check, differs
from delivery.checks.live import Live, only


@check("P.2.1", "G.3.1")
def each_service_has_its_own_task_definition(live: Live) -> Problems:
    """Every microservice runs a task definition of its own."""
    yield from differs("services with a task definition", sorted(live.task_definitions), live.service_names)
    families = [found["family"] for found in live.task_definitions.values()]
    yield from differs(
        "families", sorted(families), sorted({live.name("ecs-task", name) for name in live.service_names})
    )


@check("P.2.2", "G.3.1", "G.3.5")
def tasks_have_the_size_of_the_spec(live: Live) -> Problems:
    """Task definitions and running tasks have the CPU and memory that the spec states."""
    expected = (str(live.spec.get("task.cpu_units")), str(live.spec.get("task.memory_mib")))
    for service, found in live.task_definitions.items():
        yield from differs(f"{service}: size of the task definition", (found.get("cpu"), found.get("memory")), expected)
        for task in live.tasks[service]:
            yield from differs(f"{service}: size of a task", (task.get("cpu"), task.get("memory")), expected)


@check("P.2.3")
def services_run_the_platform_version(live: Live) -> Problems:
    """Services run on the Fargate platform version of the spec."""
    for service, found in live.services.items():
        yield from differs(
            f"{service}: platform version", found.get("platformVersion"), live.spec.get("task.platform_version")
        )


@check("P.2.5", "G.3.2")
def containers_have_the_health_check(live: Live) -> Problems:
    """Every container is checked with the interval and retries of the spec."""
    expected = live.spec.get("container_health_check")
    for service, containers in live.containers.items():
        for container in containers:
            health = container.get("healthCheck") or {}
            found = {"retries": health.get("retries"), "interval_seconds": health.get("interval")}
            yield from differs(f"{service}/{container['name']}: health check", found, dict(expected))


@check("P.2.6", "G.3.4")
def containers_log_to_their_service_group(live: Live) -> Problems:
    """Every container logs to the log group of its service, which keeps logs as long as the spec states."""
    for service, containers in live.containers.items():
        for container in containers:
            logs = container.get("logConfiguration") or {}
            group = (logs.get("options") or {}).get("awslogs-group")
            yield from differs(f"{service}: log driver", logs.get("logDriver"), "awslogs")
            yield from differs(f"{service}: log group", group, live.name("log-group", service))
        retention = live.log_groups.get(service, {}).get("retentionInDays")
        yield from differs(f"{service}: retention in days", retention, live.spec.get("logs.retention_days"))


@check("P.2.4", "P.9.3", "G.2.1")
def images_come_from_private_repositories_and_are_pinned(live: Live) -> Problems:
    """Every image is in a private ECR repository of this account, by a digest that the repository holds."""
    ecr = live.client("ecr")
    for service, containers in live.containers.items():
        for container in containers:
            registry, _, path = container["image"].partition("/")
            repository, _, reference = path.replace("@", ":", 1).partition(":")
            described = only(ecr.describe_repositories(repositoryNames=[repository])["repositories"], "repository")
            yield from differs(f"{service}: registry", registry, described["repositoryUri"].partition("/")[0])
            if "@" not in path and described["imageTagMutability"] != "IMMUTABLE":
                yield f"{service}: image {path} is named by a tag that can be overwritten"
            key = "imageDigest" if "@" in path else "imageTag"
            ecr.describe_images(repositoryName=repository, imageIds=[{key: reference}])


@check("P.9.1", "P.9.2", "G.2.1", "G.2.2")
def repositories_scan_on_push(live: Live) -> Problems:
    """The repositories of all images exist and scan on push."""
    ecr = live.client("ecr")
    for service, containers in live.containers.items():
        for container in containers:
            repository = container["image"].partition("/")[2].replace("@", ":", 1).partition(":")[0]
            described = only(ecr.describe_repositories(repositoryNames=[repository])["repositories"], "repository")
            scanning = described.get("imageScanningConfiguration", {}).get("scanOnPush")
            yield from differs(
                f"{service}: scan on push of {repository}", scanning, live.spec.get("repositories.scan_on_push")
            )
