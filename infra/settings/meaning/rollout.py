"""Blue/green: only where a load balancer can move requests, and without contradictions."""

from collections.abc import Iterator

from infra.settings.errors import KeyPath
from infra.settings.meaning.subject import Subject, check, is_elsewhere
from infra.settings.model import BlueGreen, Service
from infra.settings.problem import Problem

ALL_AT_ONCE = "all-at-once"


def blue_green_is_for_public_services(subject: Subject) -> Iterator[Problem]:
    for path, service, _ in _blue_green(subject):
        if service.routes is None:
            yield Problem(
                path,
                "is for a service without routes",
                f"{service.name} is reached by private names only, which would mix both versions",
                "blue_green for services with routes",
                "remove the block: tasks are then replaced one by one, and rolled back by alarms",
            )


def blue_green_services_are_not_called(subject: Subject) -> Iterator[Problem]:
    """A private name answers with the addresses of both versions: callers would get the new one while it bakes."""
    callers = {callee: service.name for service in subject.settings.services for callee in service.calls}
    for path, service, _ in _blue_green(subject) if subject.settings.discovery else ():
        if service.routes and service.name in callers:
            yield Problem(
                path,
                "is for a service that has a private name",
                f"{callers[service.name]} calls {service.name}, and would get both versions",
                "blue_green for services that no other one calls",
                "remove the block, or the call",
            )


def shifts_have_their_steps(subject: Subject) -> Iterator[Problem]:
    for path, _, wanted in _blue_green(subject):
        for key in ("step_percent", "step_bake_time_minutes"):
            given = getattr(wanted, key)
            if wanted.shift == ALL_AT_ONCE and given is not None:
                allowed = "steps for canary and linear"
                yield Problem((*path, key), "is for a shift without steps", str(given), allowed, "remove the key")
            elif wanted.shift != ALL_AT_ONCE and given is None:
                yield Problem((*path, key), "is missing", "nothing", f"a value for a {wanted.shift} shift", "add it")


def test_routes_come_first(subject: Subject) -> Iterator[Problem]:
    for path, service, wanted in _blue_green(subject):
        if service.routes and wanted.test_route.priority >= service.routes.priority:
            yield Problem(
                (*path, "test_route", "priority"),
                "is not below the priority of the routes",
                f"{wanted.test_route.priority}, and the routes have {service.routes.priority}",
                f"a number below {service.routes.priority}: lower ones are tried first",
                "lower it, or raise the priority of the routes",
            )


def old_tasks_stay_while_it_bakes(subject: Subject) -> Iterator[Problem]:
    for path, service, _ in _blue_green(subject):
        rollout = service.rollout
        if rollout.minimum_healthy_percent != 100 or rollout.maximum_percent != 200:
            yield Problem(
                path,
                "runs two full sets of tasks",
                f"minimum_healthy_percent {rollout.minimum_healthy_percent}, maximum_percent {rollout.maximum_percent}",
                "100 and 200",
                "set both, or remove blue_green",
            )


def hooks_are_of_the_region(subject: Subject) -> Iterator[Problem]:
    for path, _, wanted in _blue_green(subject):
        for index, hook in enumerate(wanted.hooks):
            if is_elsewhere(hook.function_arn, subject.settings.region):
                yield Problem(
                    (*path, "hooks", index, "function_arn"),
                    "is in another region",
                    hook.function_arn,
                    f"a function in {subject.settings.region}",
                    "name a function of this region",
                )


def _blue_green(subject: Subject) -> Iterator[tuple[KeyPath, Service, BlueGreen]]:
    for service in subject.settings.services:
        if service.rollout.blue_green:
            yield ("services", service.name, "rollout", "blue_green"), service, service.rollout.blue_green


CHECKS = (
    check(blue_green_is_for_public_services, fields="rollout routes"),
    check(blue_green_services_are_not_called, "discovery", "rollout calls routes"),
    check(shifts_have_their_steps, fields="rollout"),
    check(test_routes_come_first, fields="rollout routes"),
    check(old_tasks_stay_while_it_bakes, fields="rollout"),
    check(hooks_are_of_the_region, "region", "rollout"),
)
