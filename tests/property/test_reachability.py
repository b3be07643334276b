"""The paths of random small worlds, against an oracle that asks every pair of addresses about every port.

The oracle is written the other way round: nothing is intersected, every connection is tried packet by packet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.graph.addresses import ALL_V6, EVERYWHERE
from policies.graph.network_acls import Acl, Entry, allowed_boxes
from policies.graph.ports import EPHEMERAL, EVERYTHING
from policies.graph.ranges import Box, Ranges, ranges
from policies.reachability.halves import lacking_inside, lacking_inward, lacking_outward
from policies.reachability.paths import OUTSIDE, Reach
from policies.reachability.world import Door, Group, Place, Rule, Subnet, World

V6 = ALL_V6.spans[0][0]
INSIDE = 8
VPCS = {"one": ranges((0, 5)), "two": ranges((6, 7))}
SUBNETS = {"a": ("one", (0, 1)), "b": ("one", (2, 3)), "c": ("one", (4, 5)), "d": ("two", (6, 7))}
OUTSIDE_ADDRESSES = (20, 21, V6)
ADDRESSES = (*range(INSIDE), *OUTSIDE_ADDRESSES)
PORTS = (443, 8080, 65536 + 53)
ANSWERS = (2000, 8080, 50000)  # one of each kind of port that an answer can go to
GROUPS = ("red", "green", "blue")


@dataclass(frozen=True)
class Filter:
    """A network ACL as it is written: the rules of both directions."""

    ingress: tuple[Entry, ...]
    egress: tuple[Entry, ...]


@dataclass(frozen=True)
class Drawn:
    """A world, and the filters it was made from, which the oracle reads instead of the boxes."""

    world: World
    filters: dict[str, Filter]


def numbers(members: Iterator[int] | set[int]) -> Ranges:
    return ranges(*((number, number) for number in members))


# The wide alternatives come first and twice: a world where hardly anything passes proves little.
WIDE = (ranges((0, V6 + 10)), ranges((0, V6 + 10)), ranges((0, INSIDE - 1)), ranges((2, V6 + 10)), ranges((4, 5)))
addresses = st.one_of(st.sampled_from(WIDE), st.sets(st.sampled_from(ADDRESSES)).map(numbers))
traffic = st.one_of(
    st.sampled_from((EVERYTHING, EVERYTHING, EPHEMERAL | numbers({443}))),
    st.sets(st.sampled_from(PORTS), min_size=1).map(numbers),
)
rules = st.one_of(
    st.builds(Rule, traffic, addresses=addresses, written_as=st.just("by address")),
    st.builds(Rule, traffic, group=st.sampled_from(GROUPS), written_as=st.just("by group")),
)
OPEN = Filter(*((Entry(5, True, Box(EVERYTHING, EVERYWHERE)),),) * 2)


def denying(box: Box, direction: str) -> Filter:
    """Everything passes but one box, in one direction."""
    return replace(OPEN, **{direction: (Entry(1, False, box), *OPEN.ingress)})


entries = st.lists(st.builds(Entry, st.integers(1, 9), st.booleans(), st.builds(Box, traffic, addresses)), max_size=3)
filters = st.one_of(
    st.just(OPEN),
    st.builds(denying, st.builds(Box, traffic, addresses), st.sampled_from(("ingress", "egress"))),
    st.builds(
        Filter,
        entries.map(lambda found: tuple({entry.number: entry for entry in found}.values())),
        entries.map(lambda found: tuple({entry.number: entry for entry in found}.values())),
    ),
)


@st.composite
def doors(draw: st.DrawFn, acls: dict[str, Acl]) -> tuple[Door, ...]:
    """Up to two doors to different addresses, the way most specific routes are."""
    split = draw(st.sampled_from((1, 2, 2, 0, 3)))
    found = []
    for via, beyond in (("NAT gateway", OUTSIDE_ADDRESSES[:split]), ("internet gateway", OUTSIDE_ADDRESSES[split:])):
        if beyond and draw(st.sampled_from((True, True, True, False))):
            nat = via == "NAT gateway"
            acl = acls[draw(st.sampled_from(("none", "filtered")))] if nat else None
            found.append(Door(via, numbers(set(beyond)), (via,), inbound=not nat, public_ip=not nat, acl=acl))
    return tuple(found)


@st.composite
def drawn_worlds(draw: st.DrawFn) -> Drawn:
    written = {"none": OPEN, "filtered": draw(filters), "other": draw(filters)}
    acls = {
        name: Acl(name, allowed_boxes(list(item.ingress)), allowed_boxes(list(item.egress)))
        for name, item in written.items()
    }
    subnets = {
        name: Subnet(name, ranges(span), acls[draw(st.sampled_from(tuple(acls)))], draw(doors(acls)))
        for name, (_, span) in SUBNETS.items()
    }
    groups = {
        name: Group(name, *(tuple(draw(st.lists(rules, min_size=1, max_size=2))) for _ in range(2)))
        for name in GROUPS[: draw(st.integers(1, 3))]
    }
    places = []
    for number, vpc in enumerate(("one", "one", draw(st.sampled_from(("one", "two"))))):
        there = [name for name, (where, _) in SUBNETS.items() if where == vpc]
        names = draw(st.sets(st.sampled_from(there), min_size=1))
        places.append(
            Place(
                f"place {number}",
                "service",
                vpc,
                tuple(subnets[name] for name in sorted(names)),
                draw(st.sampled_from((("red",), ("green",), ("blue",), ("red", "green"), None))),
                public_ip=draw(st.sampled_from((True, True, False))),
                listens=draw(traffic),
                initiates=draw(st.sampled_from((True, True, True, False))),
            )
        )
    return Drawn(World(VPCS, groups, tuple(places)), written)


class Oracle:
    """Tries single packets."""

    def __init__(self, drawn: Drawn) -> None:
        self.world, self.filters = drawn.world, drawn.filters

    def group_lets(self, place: Place, direction: str, port: int, address: int, other: Place | None) -> bool:
        if place.groups is None:
            return True
        for name in place.groups:
            group = self.world.groups.get(name)
            for rule in getattr(group, direction) if group else ():
                meant = rule.group in (other.groups or ()) if rule.group and other else address in rule.addresses
                if port in rule.traffic and meant:
                    return True
        return False

    def filter_lets(self, acl: Acl | None, direction: str, port: int, address: int) -> bool:
        if acl is None:
            return True
        for entry in sorted(getattr(self.filters[acl.name], direction), key=lambda item: item.number):
            if port in entry.box.traffic and address in entry.box.addresses:
                return entry.allows
        return False

    def connects(self, source: Place, near: int, target: Place, far: int, port: int) -> bool:
        """A packet from one address to another inside the VPC."""
        here, there = subnet_of(source, near), subnet_of(target, far)
        return (
            port in target.listens
            and self.group_lets(source, "egress", port, far, target)
            and self.group_lets(target, "ingress", port, near, source)
            and (
                here.name == there.name
                or (
                    self.filter_lets(here.acl, "egress", port, far)
                    and self.filter_lets(there.acl, "ingress", port, near)
                )
            )
        )

    def answered(self, source: Place, near: int, target: Place, far: int) -> bool:
        here, there = subnet_of(source, near), subnet_of(target, far)
        return here.name == there.name or all(
            self.filter_lets(there.acl, "egress", port, near) and self.filter_lets(here.acl, "ingress", port, far)
            for port in ANSWERS
        )

    def leaves(self, place: Place, near: int, far: int, port: int, door: Door) -> bool:
        """A packet from an address inside to one beyond a door."""
        return (
            far in door.addresses
            and (place.public_ip or not door.public_ip or far >= V6)
            and self.group_lets(place, "egress", port, far, None)
            and self.filter_lets(subnet_of(place, near).acl, "egress", port, far)
            and self.filter_lets(door.acl, "ingress", port, near)
            and self.filter_lets(door.acl, "egress", port, far)
        )

    def answered_from_outside(self, place: Place, near: int, far: int, door: Door) -> bool:
        return all(
            self.filter_lets(subnet_of(place, near).acl, "ingress", port, far)
            and self.filter_lets(door.acl, "ingress", port, far)
            and self.filter_lets(door.acl, "egress", port, near)
            for port in ANSWERS
        )

    def enters(self, place: Place, near: int, far: int, port: int, door: Door) -> bool:
        return (
            door.inbound
            and far in door.addresses
            and (place.public_ip or not door.public_ip or far >= V6)
            and port in place.listens
            and self.group_lets(place, "ingress", port, far, None)
            and self.filter_lets(subnet_of(place, near).acl, "ingress", port, far)
        )


def subnet_of(place: Place, address: int) -> Subnet:
    return next(subnet for subnet in place.subnets if address in subnet.addresses)


def inside_of(place: Place) -> list[int]:
    return [address for address in range(INSIDE) if address in place.addresses]


@settings(max_examples=100)
@given(drawn_worlds())
def test_paths_between_places_are_those_that_single_packets_take(drawn: Drawn) -> None:
    oracle, reach = Oracle(drawn), Reach(drawn.world)

    found = {(p.source, p.target, port) for p in reach.inside() for port in PORTS if port in p.traffic}

    assert found == {
        (source.name, target.name, port)
        for source, target, port in product(drawn.world.places, drawn.world.places, PORTS)
        if source.initiates
        and source.vpc == target.vpc
        and any(
            oracle.connects(source, near, target, far, port)
            for near, far in product(inside_of(source), inside_of(target))
        )
    }


@settings(max_examples=100)
@given(drawn_worlds())
def test_paths_out_and_in_are_those_that_single_packets_take(drawn: Drawn) -> None:
    oracle, reach = Oracle(drawn), Reach(drawn.world)
    for place in drawn.world.places:
        for paths, packet in ((reach.outward, oracle.leaves), (reach.inward, oracle.enters)):
            found = {
                (port, far, path.via)
                for path in paths(place)
                for port, far in product(PORTS, OUTSIDE_ADDRESSES)
                if port in path.traffic and far in path.addresses
            }

            assert found == {
                (port, far, door.via)
                for near, far, port in product(inside_of(place), OUTSIDE_ADDRESSES, PORTS)
                for door in subnet_of(place, near).doors
                if packet(place, near, far, port, door)
            }
            assert all(OUTSIDE in (path.source, path.target) for path in paths(place))


@settings(max_examples=100)
@given(drawn_worlds(), st.sampled_from(PORTS))
def test_a_path_inside_lacks_a_half_unless_every_packet_and_every_answer_passes(drawn: Drawn, port: int) -> None:
    oracle, reach = Oracle(drawn), Reach(drawn.world)
    for source, target in product(drawn.world.places, drawn.world.places):
        if source.vpc != target.vpc:
            continue
        complete = all(
            oracle.connects(source, near, target, far, port) and oracle.answered(source, near, target, far)
            for near, far in product(inside_of(source), inside_of(target))
        )

        assert (list(lacking_inside(reach, source, target, numbers({port}))) == []) == complete


@settings(max_examples=100)
@given(drawn_worlds(), st.sampled_from(PORTS), st.sets(st.sampled_from(OUTSIDE_ADDRESSES), min_size=1))
def test_a_path_out_lacks_a_half_unless_every_packet_and_every_answer_passes(
    drawn: Drawn, port: int, wanted: set[int]
) -> None:
    oracle, reach = Oracle(drawn), Reach(drawn.world)
    for place, far_ends in product(drawn.world.places, (wanted, {20})):
        complete = all(
            any(
                oracle.leaves(place, near, far, port, door) and oracle.answered_from_outside(place, near, far, door)
                for door in subnet_of(place, near).doors
                if door.via == "NAT gateway"
            )
            for near, far in product(inside_of(place), far_ends)
        )

        lacking = list(lacking_outward(reach, place, Box(numbers({port}), numbers(far_ends)), "NAT gateway"))

        assert (lacking == []) == complete


@settings(max_examples=100)
@given(drawn_worlds(), st.sampled_from(PORTS), st.sets(st.sampled_from(OUTSIDE_ADDRESSES), min_size=1))
def test_a_path_in_lacks_a_half_unless_every_packet_and_every_answer_passes(
    drawn: Drawn, port: int, wanted: set[int]
) -> None:
    oracle, reach = Oracle(drawn), Reach(drawn.world)
    for place, far_ends in product(drawn.world.places, (wanted, {V6})):
        complete = all(
            any(
                oracle.enters(place, near, far, port, door) and answers_leave(oracle, place, near, far)
                for door in subnet_of(place, near).doors
                if door.via == "internet gateway"
            )
            for near, far in product(inside_of(place), far_ends)
        )

        lacking = list(lacking_inward(reach, place, Box(numbers({port}), numbers(far_ends)), "internet gateway"))

        assert (lacking == []) == complete


def answers_leave(oracle: Oracle, place: Place, near: int, far: int) -> bool:
    return all(oracle.filter_lets(subnet_of(place, near).acl, "egress", port, far) for port in ANSWERS)
