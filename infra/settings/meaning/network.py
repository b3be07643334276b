"""Do the ranges, zones and subnets fit each other and the tasks?"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from infra.planned_names import interface_endpoints
from infra.settings.meaning.subject import Subject, check
from infra.settings.model import Service
from infra.settings.problem import Problem
from infra.subnets import LARGEST_PREFIX_LENGTH, SMALLEST_PREFIX_LENGTH, DoesNotFitError, plan_subnets

# RFC 1918 and RFC 6598, the ranges AWS advises for a VPC:
# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (2026-11-22)
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


def vpc_range_is_private(subject: Subject) -> Iterator[Problem]:
    vpc = IPv4Network(subject.settings.network.vpc_cidr)
    if not any(vpc.subnet_of(IPv4Network(private)) for private in PRIVATE_RANGES):
        yield Problem(
            ("network", "vpc_cidr"),
            "is not a private range",
            str(vpc),
            f"a part of {', '.join(PRIVATE_RANGES)}",
            "take a private range",
        )


def vpc_range_has_a_size_aws_takes(subject: Subject) -> Iterator[Problem]:
    vpc = IPv4Network(subject.settings.network.vpc_cidr)
    if not LARGEST_PREFIX_LENGTH <= vpc.prefixlen <= SMALLEST_PREFIX_LENGTH:
        yield Problem(
            ("network", "vpc_cidr"),
            "has a size that AWS refuses",
            str(vpc),
            f"/{LARGEST_PREFIX_LENGTH} to /{SMALLEST_PREFIX_LENGTH}",
            "change the prefix length",
        )


def zones_are_in_the_region(subject: Subject) -> Iterator[Problem]:
    region = subject.settings.region
    for index, zone in enumerate(subject.settings.network.availability_zones):
        if zone[:-1] != region:
            yield Problem(
                ("network", "availability_zones", index),
                "is outside the region",
                zone,
                f"zones of {region}, such as {region}a",
                "change the zone or the region",
            )


def reserved_ranges_are_in_the_vpc(subject: Subject) -> Iterator[Problem]:
    vpc = IPv4Network(subject.settings.network.vpc_cidr)
    for index, cidr in enumerate(subject.settings.network.reserved_cidrs):
        if not IPv4Network(cidr).subnet_of(vpc):
            yield Problem(
                ("network", "reserved_cidrs", index),
                "is not in the VPC",
                cidr,
                f"parts of {vpc}",
                "remove it or correct it",
            )


def reserved_ranges_do_not_overlap(subject: Subject) -> Iterator[Problem]:
    reserved = subject.settings.network.reserved_cidrs
    for index, cidr in enumerate(reserved):
        for other in reserved[:index]:
            if cidr != other and IPv4Network(cidr).overlaps(IPv4Network(other)):
                yield Problem(
                    ("network", "reserved_cidrs", index),
                    "overlaps another reserved range",
                    f"{cidr} and {other}",
                    "ranges without common addresses",
                    "join or shrink them",
                )


def subnets_fit_into_the_vpc(subject: Subject) -> Iterator[Problem]:
    try:
        plan_subnets(subject.settings.network)
    except DoesNotFitError as error:
        yield Problem(
            ("network", "vpc_cidr"),
            "is too small for the subnets",
            str(error),
            "room for a public and a private subnet in every zone, beside the reserved ranges",
            "take a larger range, smaller subnets (a larger prefix length) or fewer reserved ranges",
        )


def private_subnets_hold_all_tasks(subject: Subject) -> Iterator[Problem]:
    """Every task has an address of its own, and so has every interface endpoint in every zone."""
    network = subject.settings.network
    try:
        addresses = plan_subnets(network).private_addresses
    except DoesNotFitError:
        return  # said by subnets_fit_into_the_vpc
    endpoints = len(interface_endpoints(network.vpc_endpoints)) * len(network.availability_zones)
    tasks = sum(_most_tasks(service) for service in subject.settings.services)
    if tasks + endpoints > addresses:
        yield Problem(
            ("network", "private_subnet_prefix_length"),
            "leaves too few addresses for the tasks",
            f"{addresses} addresses for {tasks} tasks during rollouts and {endpoints} VPC endpoint interfaces",
            "an address for each (AWS keeps 5 of every subnet)",
            "take larger private subnets (a smaller prefix length), or lower max_tasks",
        )


def _most_tasks(service: Service) -> int:
    return -(-service.scaling.max_tasks * service.rollout.maximum_percent // 100)


CHECKS = (
    check(vpc_range_is_private, "network"),
    check(vpc_range_has_a_size_aws_takes, "network"),
    check(zones_are_in_the_region, "network region"),
    check(reserved_ranges_are_in_the_vpc, "network"),
    check(reserved_ranges_do_not_overlap, "network"),
    check(subnets_fit_into_the_vpc, "network"),
    check(private_subnets_hold_all_tasks, "network", "scaling rollout"),
)
