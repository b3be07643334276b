"""Who can reach whom on which port that could not before, and the other way round. Pure.

What a path is and how it is found: policies/reachability. Addresses of a VPC in which no place of the stack stands
(databases that somebody else runs) are places of their own here: what may leave towards them is a path.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.graph import Graph, ReadError
from policies.graph.addresses import EVERYWHERE, INTERNET_V4, describe_addresses
from policies.graph.ports import describe_traffic, tcp
from policies.graph.ranges import Box, Ranges, union, without
from policies.reachability.paths import INSIDE, OUTSIDE, Reach
from policies.reachability.reader import world_of
from policies.reachability.world import Place, World

UNPLACED = "other addresses of the VPC"
FORWARDING = "listener"
End = tuple[str, str, str]  # source, target, via
Boxes = tuple[Box, ...]


@dataclass(frozen=True, order=True)
class PathChange:
    """source and target: addresses of resources, `internet`, an AWS service or a known range; via: `VPC`, a gateway...

    traffic: `tcp 8080`; addresses: those at an end that is no resource, "" inside the VPC
    """

    source: str
    target: str
    via: str
    traffic: str
    addresses: str = ""


@dataclass(frozen=True)
class Reachability:
    """problem: why nothing can be told, if so."""

    opened: tuple[PathChange, ...] = ()
    closed: tuple[PathChange, ...] = ()
    problem: str = ""


def reachability_changes(before: Graph, after: Graph, known: Mapping[str, Ranges] | None = None) -> Reachability:
    """known: address ranges that have a name, such as where the databases are (`addresses.cidr`)."""
    try:
        had, has = (_paths(world_of(graph), known or {}) for graph in (before, after))
    except ReadError as failure:
        return Reachability(problem=str(failure))
    return Reachability(tuple(sorted(_more(has, had))), tuple(sorted(_more(had, has))))


def _more(these: Mapping[End, Boxes], those: Mapping[End, Boxes]) -> Iterator[PathChange]:
    """What of the one is not in the other."""
    for (source, target, via), boxes in these.items():
        for box in _joined(without(boxes, those.get((source, target, via), ()))):
            inside = EVERYWHERE.within(box.addresses)
            addresses = "" if inside else describe_addresses(box.addresses)
            yield PathChange(source, target, via, describe_traffic(box.traffic), addresses)


def _paths(world: World, known: Mapping[str, Ranges]) -> dict[End, Boxes]:
    found: defaultdict[End, list[Box]] = defaultdict(list)
    for end, box in _each_path(world, known):
        found[end].append(box)
    return {end: tuple(boxes) for end, boxes in found.items()}


def _each_path(world: World, known: Mapping[str, Ranges]) -> Iterator[tuple[End, Box]]:
    reach = Reach(world)
    for path in reach.inside():
        yield (path.source, path.target, INSIDE), Box(path.traffic, EVERYWHERE)
    for forward in world.forwards:
        yield (forward.source, forward.target, FORWARDING), Box(tcp(forward.port), EVERYWHERE)
    for place in world.places:
        if place.initiates:
            yield from _outward(place, reach, known)
        for path in reach.inward(place):
            yield (OUTSIDE, place.name, path.via), Box(path.traffic, path.addresses)


def _outward(place: Place, reach: Reach, known: Mapping[str, Ranges]) -> Iterator[tuple[End, Box]]:
    for path in reach.outward(place):
        addresses = path.addresses if path.target == OUTSIDE else EVERYWHERE
        yield (place.name, path.target, path.via), Box(path.traffic, addresses)
    placed = union(other.addresses for other in reach.world.places)
    for rule in reach.rules_out(place):
        rest = (rule.addresses & reach.world.vpcs[place.vpc]) - placed
        for name, range_ in known.items():
            if named := rest & range_:
                yield (place.name, name, INSIDE), Box(rule.traffic, named)
        rest -= union(known.values())
        if rest and not INTERNET_V4.within(rule.addresses):  # where all of IPv4 is meant, the path to it says so
            yield (place.name, UNPLACED, INSIDE), Box(rule.traffic, rest)


def _joined(boxes: Boxes) -> Iterator[Box]:
    """Boxes of the same addresses as one, without what repeats."""
    by_addresses: defaultdict[Ranges, list[Ranges]] = defaultdict(list)
    for box in boxes:
        by_addresses[box.addresses].append(box.traffic)
    yield from (Box(union(traffic), addresses) for addresses, traffic in by_addresses.items())
