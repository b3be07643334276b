"""A world held against an expectation: paths that should not be there, and paths that should. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from policies.graph.addresses import describe_addresses
from policies.graph.ports import describe_traffic
from policies.graph.ranges import Box, without
from policies.graph.routing import ENDPOINT, NAT
from policies.graph.routing import INTERNET as INTERNET_GATEWAY
from policies.reachability.expectation import ENTRANCE, Edge, Expectation
from policies.reachability.halves import lacking_egress, lacking_inside, lacking_inward, lacking_outward
from policies.reachability.paths import OUTSIDE, Path, Reach
from policies.reachability.world import SERVICE, Forward, Place, World


@dataclass(frozen=True, slots=True)
class Extra:
    """A path that the spec does not allow. place: whose path it is; traffic: what is too much; via: how it leaves."""

    place: str
    path: Path
    traffic: str

    @property
    def shown(self) -> str:
        """The path hop by hop, with what is too much of it."""
        return f"{' -> '.join(self.path.hops)}, {self.traffic}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A path that the spec demands. place: whose it is, "" when there is no such place; halves: what is lacking."""

    place: str
    wanted: str
    halves: tuple[str, ...]


def extra_paths(world: World, expectation: Expectation) -> Iterator[Extra]:
    """Every path beyond what may be; of those that the same rules open in several subnets, the first."""
    reported: set[tuple[str, str, tuple[str, ...]]] = set()
    for extra in _extra_paths(world, expectation):
        key = (extra.place, extra.traffic, extra.path.rules)
        if key not in reported:
            reported.add(key)
            yield extra


def _extra_paths(world: World, expectation: Expectation) -> Iterator[Extra]:
    reach = Reach(world)
    handed_on = {(forward.source, forward.target): forward for forward in world.forwards}
    for path in reach.inside():
        source, target = reach.place[path.source], reach.place[path.target]
        if traffic := path.traffic - expectation.allowed(source, target):
            yield Extra(path.source, _through_listeners(path, handed_on), describe_traffic(traffic))
    for place in world.places:
        allowed_out = {NAT: expectation.allowed_out(place), ENDPOINT: expectation.allowed_to_endpoints(place)}
        allowed_in = {INTERNET_GATEWAY: expectation.allowed_in(place)}
        for path in reach.outward(place) if place.initiates else ():
            yield from _beyond(place, path, allowed_out.get(path.via, ()))
        for path in reach.inward(place):
            yield from _beyond(place, path, allowed_in.get(path.via, ()))


def missing_paths(world: World, expectation: Expectation) -> Iterator[Missing]:
    """Every path that must be and is not, or not from and to every address."""
    reach = Reach(world)
    for edge in expectation.edges():
        yield from _missing_edge(edge, reach, expectation)
    entering = expectation.entering()
    for place in expectation.places.get(ENTRANCE, ()) if entering else ():
        lacking = tuple(lacking_inward(reach, place, entering, INTERNET_GATEWAY)) if entering else ()
        if lacking:
            yield Missing(place.name, f"{OUTSIDE} reaches {ENTRANCE} on {_shown(entering)}", lacking)
    for name in expectation.senders:
        for place in expectation.places.get(name, ()):
            for box in expectation.leaving(name):
                if lacking := tuple(lacking_outward(reach, place, box, NAT)):
                    yield Missing(place.name, f"{name} reaches {OUTSIDE} on {_shown(box)} through a {NAT}", lacking)
            for box in expectation.databases_of(name):
                if lacking := tuple(lacking_egress(reach, place, box)):
                    yield Missing(place.name, f"{name} reaches the databases on {_shown(box)}", lacking)


def _beyond(place: Place, path: Path, allowed: tuple[Box, ...]) -> Iterator[Extra]:
    """What is left of a path to or from outside when the allowed part is taken away."""
    word = "from" if path.source == OUTSIDE else "to"
    for box in without([Box(path.traffic, path.addresses)], allowed):
        whom = describe_addresses(box.addresses) if OUTSIDE in (path.source, path.target) else path.target
        yield Extra(place.name, path, f"{describe_traffic(box.traffic)} {word} {whom} through the {path.via}")


def _through_listeners(path: Path, handed_on: Mapping[tuple[str, str], Forward]) -> Path:
    """The path with listener, rule and target group in it, where the load balancer forwards along it."""
    forward = handed_on.get((path.source, path.target))
    return replace(path, hops=(path.hops[0], *forward.hops, *path.hops[1:])) if forward else path


def _missing_edge(edge: Edge, reach: Reach, expectation: Expectation) -> Iterator[Missing]:
    wanted = f"{edge.source} reaches {edge.target} on {describe_traffic(edge.traffic)}"
    for role in (edge.source, edge.target):
        if role not in expectation.places:
            yield Missing("", wanted, (f"the stack has no {_called(role)}",))
            return
    for source in expectation.places[edge.source]:
        for target in expectation.places[edge.target]:
            lacking = list(lacking_inside(reach, source, target, edge.traffic))
            if edge.source == ENTRANCE and not _is_forwarded(reach.world, source, target, edge, expectation):
                lacking.append(
                    f"no listener rule of {source.name} forwards to a target group of {target.name} on that port"
                )
            if lacking:
                yield Missing(source.name, wanted, tuple(lacking))


def _is_forwarded(world: World, source: Place, target: Place, edge: Edge, expectation: Expectation) -> bool:
    return any(
        (forward.source, forward.target) == (source.name, target.name)
        and forward.port in edge.traffic
        and forward.listens.within(expectation.port)
        for forward in world.forwards
    )


def _called(role: str) -> str:
    return role.removeprefix("the ") if role == ENTRANCE else f"ECS {SERVICE} named {role}"


def _shown(box: Box | None) -> str:
    return f"{describe_traffic(box.traffic)} at {describe_addresses(box.addresses)}" if box else ""
