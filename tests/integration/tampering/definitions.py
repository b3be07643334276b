"""Changes of what a service runs, and things that run beside the services."""

from typing import Any

from tests.integration.tampering.change import PAYMENTS, Change, Target, Undo, unknown

API, FRAUD = "aws_ecs_service.payment-api", "aws_ecs_service.fraud-detection"


EXTRA = unknown("aws_ecs_service")


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


CHANGES = (
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
            "suffix-tag",
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
)
