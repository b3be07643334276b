"""What a path that must exist is missing: each half on its own, for every pair of addresses, answers included. Pure."""

from collections.abc import Iterable, Iterator

from policies.graph.addresses import describe_addresses
from policies.graph.network_acls import Acl
from policies.graph.ports import EPHEMERAL, EVERYTHING, describe_traffic
from policies.graph.ranges import Box, Ranges, sure_traffic, without
from policies.reachability.paths import Reach, usable
from policies.reachability.world import Door, Place, Rule, Subnet

Lack = str  # one missing half, in words


def lacking_inside(reach: Reach, source: Place, target: Place, traffic: Ranges) -> Iterator[Lack]:
    """The halves that are missing for traffic from every address of a place to every address of another."""
    egress = traffic - _sure(reach.rules_out(source), target, traffic)
    if egress:
        yield f"no egress rule of {_groups(source)} lets out {describe_traffic(egress)} to {_groups(target)}"
    ingress = traffic - _sure(reach.rules_in(target), source, traffic)
    if ingress:
        yield f"no ingress rule of {_groups(target)} lets in {describe_traffic(ingress)} from {_groups(source)}"
    if deaf := traffic - target.listens:
        yield f"{target.name} does not listen on {describe_traffic(deaf)}"
    stopped = {
        " or ".join(dict.fromkeys((near.acl.name, far.acl.name))): None
        for near in source.subnets
        for far in target.subnets
        if near.name != far.name and not _passes(near.acl, far.acl, near.addresses, far.addresses, traffic)
    }
    for acls in stopped:
        yield f"network ACL {acls} stops {describe_traffic(traffic)} or its answers"


def lacking_outward(reach: Reach, place: Place, wanted: Box, via: str) -> Iterator[Lack]:
    """The halves that are missing for traffic from every subnet of a place to addresses beyond such a door."""
    yield from lacking_egress(reach, place, wanted)
    unrouted, stopped = [], []
    for subnet in place.subnets:
        doors = [door for door in subnet.doors if door.via == via]
        if without([wanted], [Box(EVERYTHING, usable(door, place)) for door in doors]):
            unrouted.append(subnet.name)
        elif not all(_leaves(subnet, door, wanted) for door in doors):
            stopped.append(subnet.name)
    yield from _told_of_subnets(unrouted, f"no route through a working {via} to all of {_told([wanted])}")
    yield from _told_of_subnets(stopped, f"a network ACL, here or at the {via}, stops {_told([wanted])} or its answers")


def lacking_egress(reach: Reach, place: Place, wanted: Box) -> Iterator[Lack]:
    """The part of some traffic that no security group of a place lets out."""
    if lost := without([wanted], [Box(rule.traffic, rule.addresses) for rule in reach.rules_out(place)]):
        yield f"no egress rule of {_groups(place)} lets out {_told(lost)}"


def lacking_inward(reach: Reach, place: Place, wanted: Box, via: str) -> Iterator[Lack]:
    """The halves that are missing for traffic from addresses beyond such a door to every subnet of a place."""
    if lost := without([wanted], [Box(rule.traffic, rule.addresses) for rule in reach.rules_in(place)]):
        yield f"no ingress rule of {_groups(place)} lets in {_told(lost)}"
    if deaf := wanted.traffic - place.listens:
        yield f"{place.name} has no listener on {describe_traffic(deaf)}"
    unrouted, stopped = [], []
    for subnet in place.subnets:
        doors = [door for door in subnet.doors if door.via == via]
        if without([wanted], [Box(EVERYTHING, usable(door, place)) for door in doors]):
            unrouted.append(subnet.name)
        elif not _both_ways(subnet.acl, wanted.addresses, wanted.traffic, EPHEMERAL):
            stopped.append(subnet.name)
    if unrouted and not place.public_ip:
        yield f"{place.name} has no public address"
    else:
        yield from _told_of_subnets(unrouted, f"no route through an {via} for all of {_told([wanted])}")
    yield from _told_of_subnets(stopped, f"the network ACL stops {_told([wanted])} or its answers")


def _sure(rules: Iterable[Rule], other: Place, traffic: Ranges) -> Ranges:
    """The traffic that rules let through for every address of the other place."""
    boxes = [
        Box(rule.traffic, (other.addresses if rule.group in (other.groups or ()) else rule.addresses)) for rule in rules
    ]
    return sure_traffic(boxes, other.addresses, traffic)


def _passes(near: Acl, far: Acl, from_: Ranges, to: Ranges, traffic: Ranges) -> bool:
    return _both_ways(far, from_, traffic, EPHEMERAL) and _both_ways(near, to, EPHEMERAL, traffic)


def _both_ways(acl: Acl, others: Ranges, into: Ranges, out: Ranges) -> bool:
    """Whether a filter lets these kinds of traffic in from all the others, and out to all of them."""
    return acl.is_open or (sure_traffic(acl.ingress, others, into), sure_traffic(acl.egress, others, out)) == (
        into,
        out,
    )


def _leaves(subnet: Subnet, door: Door, wanted: Box) -> bool:
    beyond = wanted.addresses & door.addresses
    if not beyond:
        return True
    if not _both_ways(subnet.acl, beyond, EPHEMERAL, wanted.traffic):
        return False
    if door.acl is None:
        return True
    return _both_ways(door.acl, subnet.addresses, wanted.traffic, EPHEMERAL) and _both_ways(
        door.acl, beyond, EPHEMERAL, wanted.traffic
    )


def _told_of_subnets(names: list[str], what: str) -> Iterator[Lack]:
    """One sentence for all the subnets that have the same fault."""
    if names:
        yield f"{', '.join(names)}: {what}"


def _groups(place: Place) -> str:
    return " or ".join(place.groups) if place.groups else place.name


def _told(boxes: Iterable[Box]) -> str:
    return " and ".join(f"{describe_traffic(box.traffic)} at {describe_addresses(box.addresses)}" for box in boxes)
