"""Every path that can exist: from place to place, out of the VPC, and in from outside. Pure.

A path is reported where a single address of its ends could use it. Answers are not asked for: a filter that lets a
connection in and its answers not out still lets something in.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from policies.graph.addresses import ALL_V6, EVERYWHERE, INTERNET
from policies.graph.network_acls import Acl
from policies.graph.ports import EVERYTHING
from policies.graph.ranges import Box, Ranges, possible_traffic, union
from policies.graph.routing import ENDPOINT
from policies.reachability.world import Door, Group, Place, Rule, Subnet, World

OUTSIDE = "internet"
INSIDE = "VPC"
UNFILTERED = (Rule(EVERYTHING, EVERYWHERE, written_as="no security group"),)


@dataclass(frozen=True, slots=True)
class Path:
    """source and target: names of places, `internet`, or a list of AWS's addresses.

    addresses: those at the outside end, all of them for a path inside; via: `VPC`, or what the door is
    hops: what lets it through, in order; rules: the security group rules among them
    """

    source: str
    target: str
    traffic: Ranges
    addresses: Ranges
    via: str
    hops: tuple[str, ...]
    rules: tuple[str, ...]


def outside_of(rule: Rule) -> Ranges:
    """The addresses that a rule can mean: of a list that only AWS can read, any on the internet."""
    return INTERNET if rule.aws_list else rule.addresses


def usable(door: Door, place: Place) -> Ranges:
    """The addresses beyond a door that a place can exchange packets with."""
    return door.addresses if place.public_ip or not door.public_ip else door.addresses & ALL_V6


class Reach:
    """The paths of a world. Costs grow with the paths there are, not with pairs of places."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.place = {place.name: place for place in world.places}

    def rules_in(self, place: Place) -> tuple[Rule, ...]:
        """What may come to a place."""
        return UNFILTERED if place.groups is None else tuple(r for group in self._groups(place) for r in group.ingress)

    def rules_out(self, place: Place) -> tuple[Rule, ...]:
        """What may leave a place."""
        return UNFILTERED if place.groups is None else tuple(r for group in self._groups(place) for r in group.egress)

    def inside(self) -> Iterator[Path]:
        """Between places of one VPC, a place and itself included (its tasks are several)."""
        for source in self.world.places:
            if source.initiates:
                yield from self._from(source, self.rules_out(source))

    def outward(self, place: Place) -> Iterator[Path]:
        """From a place to addresses outside of its VPC; a gateway endpoint catches what is meant for it."""
        rules = [(rule, outside_of(rule) - self.world.vpcs[place.vpc]) for rule in self.rules_out(place)]
        yield from self._to_endpoints(place, rules)
        for subnet, door in _doors(place):
            reachable = usable(door, place)
            for rule, addresses in rules:
                wanted = Box(rule.traffic, addresses & reachable)
                for box in _outward_boxes(wanted, subnet, door) if rule.aws_list not in subnet.endpoints else ():
                    hops = (place.name, rule.written_as, subnet.name, *door.hops, OUTSIDE)
                    yield Path(place.name, OUTSIDE, box.traffic, box.addresses, door.via, hops, (rule.written_as,))

    def inward(self, place: Place) -> Iterator[Path]:
        """From addresses outside of its VPC to a place."""
        rules = [(rule, outside_of(rule) - self.world.vpcs[place.vpc]) for rule in self.rules_in(place)]
        for subnet, door in _doors(place):
            reachable = usable(door, place)
            for rule, addresses in rules if door.inbound else ():
                wanted = Box(rule.traffic & place.listens, addresses & reachable)
                for box in (piece for allowed in subnet.acl.ingress if (piece := wanted & allowed)):
                    hops = (OUTSIDE, *reversed(door.hops), subnet.name, rule.written_as, place.name)
                    yield Path(OUTSIDE, place.name, box.traffic, box.addresses, door.via, hops, (rule.written_as,))

    def _groups(self, place: Place) -> tuple[Group, ...]:
        return tuple(self.world.groups.get(name, Group(name)) for name in place.groups or ())

    def _from(self, source: Place, out: tuple[Rule, ...]) -> Iterator[Path]:
        for target, into in self._candidates(source):
            for leave in out:
                if admits(leave, target) and (traffic := leave.traffic & into.traffic & target.listens):
                    open_ = traffic & crossing(source, target, leave, into, traffic)
                    if open_:
                        rules = (leave.written_as, into.written_as)
                        hops = (source.name, *rules, target.name)
                        yield Path(source.name, target.name, open_, EVERYWHERE, INSIDE, hops, rules)

    def _to_endpoints(self, place: Place, rules: list[tuple[Rule, Ranges]]) -> Iterator[Path]:
        found: dict[Rule, Subnet] = {}
        for subnet in place.subnets:
            for rule, _ in rules:
                if rule.aws_list in subnet.endpoints:
                    found.setdefault(rule, subnet)
        for rule, subnet in found.items():
            hops = (place.name, rule.written_as, subnet.name, rule.aws_list)
            yield Path(place.name, rule.aws_list, rule.traffic, INTERNET, ENDPOINT, hops, (rule.written_as,))

    def _candidates(self, source: Place) -> Iterator[tuple[Place, Rule]]:
        """Places with a rule that lets the source in."""
        for name in source.groups or ():
            for group, rule in self._ingress_by_peer.get(name, ()):
                yield from ((place, rule) for place in self._members.get((source.vpc, group), ()))
        for place, rule in self._ingress_by_address.get(source.vpc, ()):
            if rule.addresses & source.addresses:
                yield place, rule

    @cached_property
    def _members(self) -> dict[tuple[str, str], list[Place]]:
        index: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in self.world.places:
            for group in place.groups or ():
                index[place.vpc, group].append(place)
        return index

    @cached_property
    def _ingress_by_peer(self) -> dict[str, list[tuple[str, Rule]]]:
        index: defaultdict[str, list[tuple[str, Rule]]] = defaultdict(list)
        for group in self.world.groups.values():
            for rule in group.ingress:
                if rule.group:
                    index[rule.group].append((group.name, rule))
        return index

    @cached_property
    def _ingress_by_address(self) -> dict[str, list[tuple[Place, Rule]]]:
        index: defaultdict[str, list[tuple[Place, Rule]]] = defaultdict(list)
        for place in self.world.places:
            index[place.vpc] += [(place, rule) for rule in self.rules_in(place) if rule.addresses]
        return index


def admits(rule: Rule, other: Place) -> bool:
    """Whether a rule lets traffic to or from any address of the other place."""
    return rule.group in other.groups if rule.group and other.groups else bool(rule.addresses & other.addresses)


def crossing(source: Place, target: Place, leave: Rule, into: Rule, traffic: Ranges) -> Ranges:
    """The part of the traffic that the network ACLs between two places let through for some pair of addresses."""
    filters = {subnet.acl for place in (source, target) for subnet in place.subnets}
    if all(acl.is_open for acl in filters):
        return traffic
    return union(
        traffic if near.name == far.name else traffic & _filtered(near.acl, far.acl, from_, to)
        for near in source.subnets
        for far in target.subnets
        if (from_ := near.addresses if into.group else near.addresses & into.addresses)
        and (to := far.addresses if leave.group else far.addresses & leave.addresses)
    )


def _filtered(near: Acl, far: Acl, from_: Ranges, to: Ranges) -> Ranges:
    return possible_traffic(near.egress, to) & possible_traffic(far.ingress, from_)


def _doors(place: Place) -> Iterator[tuple[Subnet, Door]]:
    """The doors of a place's subnets; subnets that differ in nothing that matters count once."""
    seen: set[tuple[Acl, frozenset[str], Door, Ranges | None]] = set()
    for subnet in place.subnets:
        for door in subnet.doors:
            key = (subnet.acl, subnet.endpoints, door, subnet.addresses if door.acl else None)
            if key not in seen:
                seen.add(key)
                yield subnet, door


def _outward_boxes(wanted: Box, subnet: Subnet, door: Door) -> Iterator[Box]:
    """What passes the filter of the subnet and that of the gateway's subnet."""
    boxes = [piece for allowed in subnet.acl.egress if (piece := wanted & allowed)]
    if door.acl is not None and boxes:
        entering = Box(possible_traffic(door.acl.ingress, subnet.addresses), EVERYWHERE)
        boxes = [piece for box in boxes for allowed in door.acl.egress if (piece := box & allowed & entering)]
    yield from boxes
