"""Who calls whom, on which port, and what the load balancer sends where."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from ipaddress import IPv4Network

from infra.settings.errors import KeyPath
from infra.settings.meaning.subject import Subject, check
from infra.settings.model import Routes, Service
from infra.settings.problem import Problem

MAX_WILDCARDS_PER_RULE = 5


def callees_exist(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        for index, callee in enumerate(service.calls):
            path = ("services", service.name, "calls", index)
            if callee == service.name:
                yield Problem(path, "is a call to itself", callee, "other services", "remove the call")
            elif callee not in subject.service_names:
                known = ", ".join(sorted(subject.service_names - {service.name})) or "none, there is no other service"
                yield Problem(
                    path, "is not a service of this file", callee, known, "correct the name or add the service"
                )


def ports_are_used_once(subject: Subject) -> Iterator[Problem]:
    owners: dict[int, str] = {}
    for service in subject.settings.services:
        owner = owners.setdefault(service.port, service.name)
        if owner != service.name:
            yield Problem(
                ("services", service.name, "port"),
                "is the port of another service",
                f"{service.port}, also of {owner}",
                "a port of its own",
                "take another port",
            )


def some_service_is_public(subject: Subject) -> Iterator[Problem]:
    if not any(service.routes for service in subject.settings.services):
        yield Problem(
            ("services",),
            "has no public service",
            "no service with routes",
            "at least one service with routes: the load balancer has nothing to send requests to",
            "give the public service routes",
        )


def paths_are_claimed_once(subject: Subject) -> Iterator[Problem]:
    """Rules are tried by priority: a path that an earlier one claims entirely never gets a request."""
    earlier: list[tuple[str, str]] = []
    for service, routes in _by_priority(subject):
        for index, path in enumerate(routes.paths):
            owner = next((name for name, pattern in earlier if _covers(pattern, path)), None)
            if owner:
                yield Problem(
                    ("services", service.name, "routes", "paths", index),
                    "is claimed by two services",
                    f"{path}, already sent to {owner}",
                    "paths that no lower priority claims",
                    f"change the path, or give {service.name} a lower priority than {owner} if it is the narrower one",
                )
        earlier += [(service.name, path) for path in routes.paths]


def priorities_are_used_once(subject: Subject) -> Iterator[Problem]:
    owners: dict[int, KeyPath] = {}
    for service, routes in _by_priority(subject):
        own: KeyPath = ("services", service.name)
        test = service.rollout.blue_green.test_route.priority if service.rollout.blue_green else None
        for path, priority in (
            ((*own, "routes", "priority"), routes.priority),
            ((*own, "rollout", "blue_green", "test_route", "priority"), test),
        ):
            owner = owners.setdefault(priority, path) if priority is not None else path
            if owner != path:
                yield Problem(
                    path,
                    "is used twice",
                    f"{priority}, also of {owner[1]}",
                    "each priority once: AWS refuses the second rule",
                    "choose another priority",
                )


def wildcards_are_within_the_quota(subject: Subject) -> Iterator[Problem]:
    """Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (2026-11-22)"""
    for service, routes in _by_priority(subject):
        wildcards = sum(path.count("*") + path.count("?") for path in routes.paths)
        if wildcards > MAX_WILDCARDS_PER_RULE:
            yield Problem(
                ("services", service.name, "routes", "paths"),
                "has too many wildcards",
                f"{wildcards} of * and ?",
                f"at most {MAX_WILDCARDS_PER_RULE} in all paths of a service",
                "use fewer or wider patterns",
            )


def _by_priority(subject: Subject) -> list[tuple[Service, Routes]]:
    public = [(service, service.routes) for service in subject.settings.services if service.routes]
    return sorted(public, key=lambda pair: pair[1].priority)


def _covers(pattern: str, other: str) -> bool:
    """Whether `pattern` matches every path that `other` matches; a * of `other` is only covered by a * of `pattern`."""
    return fnmatchcase(other, pattern.replace("?", "[!*]"))


def ways_out_are_listed_once(subject: Subject) -> Iterator[Problem]:
    for service in subject.settings.services:
        distinct = list(dict.fromkeys(service.outbound))  # the schema speaks of those that are equal in everything
        ways = [(way.port, way.cidr) for way in distinct]
        for index, way in enumerate(ways):
            if way in ways[:index]:
                yield Problem(
                    ("services", service.name, "outbound", service.outbound.index(distinct[index])),
                    "is listed twice",
                    f"port {way[0]} on {way[1]}",
                    "each port on each range once: AWS refuses the second rule",
                    "remove one of the two",
                )


def ways_out_leave_the_vpc(subject: Subject) -> Iterator[Problem]:
    vpc = IPv4Network(subject.settings.network.vpc_cidr)
    for service in subject.settings.services:
        for index, way in enumerate(service.outbound):
            if IPv4Network(way.cidr).subnet_of(vpc):
                yield Problem(
                    ("services", service.name, "outbound", index, "cidr"),
                    "is inside the VPC",
                    way.cidr,
                    f"ranges outside {vpc}",
                    "use calls for traffic between services",
                )


CHECKS = (
    check(callees_exist, fields="calls"),
    check(ports_are_used_once, fields="port"),
    check(some_service_is_public, fields="routes", every_service=True),
    check(paths_are_claimed_once, fields="routes"),
    check(priorities_are_used_once, fields="routes rollout"),
    check(wildcards_are_within_the_quota, fields="routes"),
    check(ways_out_are_listed_once, fields="outbound"),
    check(ways_out_leave_the_vpc, "network", "outbound"),
)
