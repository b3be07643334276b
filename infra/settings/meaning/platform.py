"""What concerns the whole platform: names, tags, and how tasks are split between capacity providers."""

from collections.abc import Iterator

from infra.planned_names import check_all
from infra.settings.errors import KeyPath
from infra.settings.meaning.subject import Subject, check
from infra.settings.problem import Problem

# Components of shared resources that would get the address of a service of that name.
RESERVED_SERVICE_NAMES = frozenset(
    {"alb", "container-insights", "platform", "redeployment", "vpc-endpoints", "vpc-flows"}
)
SET_BY_THE_STACK = ("Name", "EnvironmentSuffix")


def names_are_within_aws_limits(subject: Subject) -> Iterator[Problem]:
    for planned, problem in check_all(subject.settings):
        path: KeyPath = ("services", planned.service) if planned.service else ("suffix",)
        excess = problem.length - problem.limit
        remedy = (
            f"shorten the service, the environment or the suffix by {excess}" if excess > 0 else "choose another name"
        )
        yield Problem(
            path,
            f"makes a name for its {problem.kind} that {problem.found}",
            problem.name,
            f"{problem.allowed} ({problem.source})",
            remedy,
        )


def service_names_are_free(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        if service.name in RESERVED_SERVICE_NAMES:
            yield Problem(
                ("services", service.name),
                "is the name of a shared part",
                service.name,
                f"names other than {', '.join(sorted(RESERVED_SERVICE_NAMES))}",
                "rename the service",
            )


def one_provider_has_the_base(subject: Subject) -> Iterator[Problem]:
    capacity = subject.settings.capacity
    if capacity.spot.base and capacity.on_demand.base:
        yield Problem(
            ("capacity", "on_demand", "base"),
            "is a second base",
            f"spot {capacity.spot.base} and on_demand {capacity.on_demand.base}",
            "a base above 0 for one provider: ECS refuses two",
            "set one of the two to 0",
        )


def tags_are_distinct_and_free(subject: Subject) -> Iterator[Problem]:
    """IAM does not tell tag keys apart by case."""
    own = [*SET_BY_THE_STACK, *filter(None, [subject.settings.service_tag])]
    reserved = f"{', '.join(own)} are set by the stack"
    seen: dict[str, str] = {key.lower(): key for key in own}
    for key in subject.settings.tags:
        first = seen.setdefault(key.lower(), key)
        if first != key or key in own:
            yield Problem(
                ("tags", key),
                "is a key that is taken",
                f"{key}, beside {first}",
                f"keys that differ by more than case; {reserved}",
                "rename or remove the tag",
            )


_NAMING_SECTIONS = "naming environment suffix network load_balancer logs registry discovery"

CHECKS = (
    check(names_are_within_aws_limits, _NAMING_SECTIONS, "routes calls outbound task_permissions rollout secrets"),
    check(service_names_are_free),
    check(one_provider_has_the_base, "capacity"),
    check(tags_are_distinct_and_free, "tags service_tag"),
)
