"""Is each service one that Fargate runs, that can be rolled out, and whose image cannot change under it?"""

import re
from collections.abc import Iterator

from infra.container import variable_prefix
from infra.settings.meaning.subject import Subject, check
from infra.settings.model import Service
from infra.settings.problem import Problem

# CPU units -> (least MiB, most MiB, step).
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html (2026-11-22)
FARGATE_MEMORY_MIB = {
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
FARGATE_SMALLEST_MEMORY_MIB = (512, 1024, 2048)  # at 256 CPU units, where the steps are uneven

VERSION_TAG = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+([.-][0-9A-Za-z.-]+)?")
COMMIT_TAG = re.compile(r"(sha-)?[0-9a-f]{7,40}")

# Set by ECS in every container; a value of one's own would break the credentials or the metadata.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html (2026-11-22)
SET_BY_ECS = frozenset(
    {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_REGION",
        "ECS_AGENT_URI",
        "ECS_CONTAINER_METADATA_URI",
        "ECS_CONTAINER_METADATA_URI_V4",
    }
)


def cpu_and_memory_are_a_fargate_pair(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        if service.memory_mib not in (sizes := _memory_sizes(service.cpu_units)):
            found = f"{service.memory_mib} MiB with {service.cpu_units} CPU units"
            step = f" in steps of {sizes[1] - sizes[0]}" if len(sizes) > len(FARGATE_SMALLEST_MEMORY_MIB) else ""
            allowed = f"{sizes[0]} to {sizes[-1]} MiB{step}" if step else ", ".join(map(str, sizes)) + " MiB"
            yield Problem(
                ("services", service.name, "memory_mib"),
                "does not go with the CPU on Fargate",
                found,
                allowed,
                "change memory_mib or cpu_units",
            )


def _memory_sizes(cpu_units: int) -> tuple[int, ...]:
    if cpu_units not in FARGATE_MEMORY_MIB:
        return FARGATE_SMALLEST_MEMORY_MIB
    least, most, step = FARGATE_MEMORY_MIB[cpu_units]
    return tuple(range(least, most + 1, step))


def task_counts_are_in_order(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        least, wanted, most = service.scaling.min_tasks, service.desired_count, service.scaling.max_tasks
        if not least <= wanted <= most:
            key_path = ("scaling", "max_tasks") if least > most else ("desired_count",)
            yield Problem(
                ("services", service.name, *key_path),
                "is out of order",
                f"min_tasks {least}, desired_count {wanted}, max_tasks {most}",
                "min_tasks <= desired_count <= max_tasks",
                "change one of the three",
            )


def health_checks_end_before_the_next(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        check = service.health_check
        if check.timeout_seconds >= check.interval_seconds:
            yield Problem(
                ("services", service.name, "health_check", "timeout_seconds"),
                "is not shorter than the interval",
                f"{check.timeout_seconds} s, every {check.interval_seconds} s",
                "less than health_check.interval_seconds",
                "shorten the timeout",
            )


def rollouts_can_replace_a_task(subject: Subject) -> Iterator[Problem]:
    """ECS rounds the most tasks down and the fewest up; where nothing lies between, a rollout never starts."""
    for service in subject.settings.services:
        rollout = service.rollout
        for tasks in range(service.scaling.min_tasks, service.scaling.max_tasks + 1):
            most = tasks * rollout.maximum_percent // 100
            fewest = -(-tasks * rollout.minimum_healthy_percent // 100)
            if most <= fewest:
                yield Problem(
                    ("services", service.name, "rollout", "maximum_percent"),
                    "would block every rollout",
                    f"at {tasks} tasks: at most {most} and at least {fewest} may run",
                    "room to start or stop a task at every task count",
                    "raise maximum_percent or lower minimum_healthy_percent",
                )
                break


def images_are_pinned(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        digest, tag = service.image.digest, service.image.tag
        if bool(digest) == bool(tag):
            yield Problem(
                ("services", service.name, "image"),
                "is not pinned in exactly one way",
                f"{digest} and {tag}" if digest else "neither digest nor tag",
                "either digest or tag",
                "keep the digest" if digest else "add the digest of the image",
            )


def repositories_are_named_where_they_exist(subject: Subject) -> Iterator[Problem]:
    created = subject.settings.registry.create_repositories
    for service in subject.settings.services:
        path, named = ("services", service.name, "image", "repository"), service.image.repository
        if created and named:
            allowed = "no name: created repositories are named by the pattern"
            yield Problem(path, "names a repository that is created", named, allowed, "remove the key")
        elif not created and not named:
            yield Problem(path, "is missing", "nothing", "the name of an existing repository", "add the key")


def tags_of_images_are_immutable(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        tag = service.image.tag
        if tag and not VERSION_TAG.fullmatch(tag) and not COMMIT_TAG.fullmatch(tag):
            yield Problem(
                ("services", service.name, "image", "tag"),
                "can be moved to another image",
                tag,
                "a version such as 1.4.2, or a commit hash of 7 to 40 hexadecimal digits",
                "name the version, or use the digest",
            )


def variables_are_free(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        stack = {**dict.fromkeys(SET_BY_ECS, "by ECS"), **_set_by_the_stack(service)}
        secret = {
            name: ("secrets", key, "variables") for key, each in service.secrets.items() for name in each.variables
        }
        taken = {**stack, **dict.fromkeys(secret, "from a secret")}
        written: list[tuple[tuple[str, ...], str, dict[str, str]]]
        written = [(("environment",), name, taken) for name in service.environment]
        written += [(where, name, stack) for name, where in secret.items()]
        for where, name, taken_here in written:
            if name in taken_here:
                yield Problem(
                    ("services", service.name, *where, name),
                    f"is set {taken_here[name]}",
                    name,
                    "other names",
                    "rename or remove the variable",
                )


def _set_by_the_stack(service: Service) -> dict[str, str]:
    prefixes = map(variable_prefix, service.calls)
    names = ["PORT", *(f"{prefix}_{part}" for prefix in prefixes for part in ("HOST", "PORT"))]
    return dict.fromkeys(names, "by the stack")


CHECKS = (
    check(cpu_and_memory_are_a_fargate_pair, fields="cpu_units memory_mib"),
    check(task_counts_are_in_order, fields="scaling desired_count"),
    check(health_checks_end_before_the_next, fields="health_check"),
    check(rollouts_can_replace_a_task, fields="rollout scaling"),
    check(images_are_pinned, fields="image"),
    check(repositories_are_named_where_they_exist, "registry", "image"),
    check(tags_of_images_are_immutable, fields="image"),
    check(variables_are_free, fields="environment calls secrets"),
)
