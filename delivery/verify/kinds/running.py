"""What runs in the clusters of a stack: shared by every kind that has to tell ECS's own doings from others'."""

from collections.abc import Iterator

from delivery.verify.asking import Answer, Ask
from delivery.verify.known import Known

CLUSTER = "aws_ecs_cluster"
SERVICES_AT_ONCE, TASKS_AT_ONCE = 10, 100  # of DescribeServices and DescribeTasks
STATUSES = ("RUNNING", "STOPPED")  # a task that has just stopped may still be draining somewhere


def clusters(known: Known) -> list[str]:
    return known.values("arn", CLUSTER)


def services(known: Known, ask: Ask) -> Iterator[Answer]:
    """Every service of the clusters that is not deleted already, with its tags."""
    for cluster in clusters(known):
        arns = ask.all("ecs", "list_services", "serviceArns", cluster=cluster)
        described = ask.each(
            "ecs",
            "describe_services",
            "services",
            "services",
            arns,
            SERVICES_AT_ONCE,
            cluster=cluster,
            include=["TAGS"],
        )
        yield from (each for each in described if each["status"] != "INACTIVE")


def tasks(known: Known, ask: Ask, statuses: tuple[str, ...] = ("RUNNING",)) -> Iterator[Answer]:
    """The tasks of the clusters that shall have one of these statuses."""
    for cluster in clusters(known):
        arns = [
            arn
            for status in statuses
            for arn in ask.all("ecs", "list_tasks", "taskArns", cluster=cluster, desiredStatus=status)
        ]
        yield from ask.each(
            "ecs", "describe_tasks", "tasks", "tasks", arns, TASKS_AT_ONCE, cluster=cluster, include=["TAGS"]
        )


def task_addresses(known: Known, ask: Ask) -> frozenset[str]:
    """The private addresses of the tasks that services run, or ran until just now."""
    return frozenset(
        detail["value"]
        for task in tasks(known, ask, STATUSES)
        for attached in task.get("attachments", [])
        for detail in attached.get("details", [])
        if detail["name"] in ("privateIPv4Address", "privateIPv6Address")
    )


def is_address_of_a_task(answer: Answer, _known: Known) -> bool:
    """Whether the `Address` of an answer is one of its `TaskAddresses`; the listing has put both there."""
    return answer["Address"] in answer["TaskAddresses"]
