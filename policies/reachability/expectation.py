"""What a spec wants of a world: which paths must exist, and which may. Pure.

Beyond the spec's own edges, tasks may reach the endpoints of AWS services over HTTPS, and the public entrance where the
spec lets them out to it anyway.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policies.graph.addresses import INTERNET, cidr
from policies.graph.ports import tcp
from policies.graph.ranges import NONE, Box, Ranges, union, without
from policies.reachability.world import ENDPOINT, LOAD_BALANCER, Place, World
from policies.spec import Spec

ENTRANCE = "the load balancer"
HTTPS = tcp(443)


@dataclass(frozen=True)
class Edge:
    """A path between two places that must exist. names as in the spec."""

    source: str
    target: str
    traffic: Ranges


class Expectation:
    """services: place -> microservice, for the services that bear a name of the spec."""

    def __init__(self, spec: Spec, world: World, services: Mapping[str, str]) -> None:
        self._world = world
        self._known = services
        self.services = dict(spec.get("services"))
        self.port = tcp(spec.get("load_balancer.port"))
        self.clients = union(map(cidr, spec.get("load_balancer.public_cidrs")))
        self._out = tuple(Box(tcp(row["port"]), cidr(row["cidr"])) for row in spec.get("reachability.outbound"))
        self._edges = tuple((row["from"], row["to"], tcp(row["port"])) for row in spec.get("reachability.edges"))

    @cached_property
    def roles(self) -> dict[str, str]:
        """Of services that the spec knows, and of the load balancer that forwards to a public one."""
        entrances = [
            forward.source for forward in self._world.forwards if self._known.get(forward.target) in self._public
        ] or [place.name for place in self._world.places if place.kind == LOAD_BALANCER]
        return {**self._known, **dict.fromkeys(entrances[:1], ENTRANCE)}

    @cached_property
    def places(self) -> dict[str, tuple[Place, ...]]:
        """The places of each role."""
        found: dict[str, list[Place]] = {}
        for place in self._world.places:
            found.setdefault(self.roles.get(place.name, ""), []).append(place)
        return {role: tuple(places) for role, places in found.items()}

    def edges(self) -> Iterator[Edge]:
        """Every edge between places that must exist."""
        for source, target, traffic in self._edges:
            yield Edge(source, target, traffic)
        for name in self._public:
            yield Edge(ENTRANCE, name, tcp(self.services[name]["port"]))

    def entering(self) -> Box | None:
        """What must reach the load balancer from outside; None where no service is public."""
        return Box(self.port, self.clients & INTERNET) if self._public else None

    def leaving(self) -> tuple[Box, ...]:
        """What every service must be able to send out of the VPC."""
        return tuple(Box(box.traffic, box.addresses & INTERNET) for box in self._out)

    def allowed(self, source: Place, target: Place) -> Ranges:
        """The traffic that may flow between two places."""
        near, far = self.roles.get(source.name), self.roles.get(target.name)
        if near is None:
            return NONE
        if target.kind == ENDPOINT:
            return HTTPS if near in self.services else NONE
        if far == ENTRANCE:
            return self._entrance_from(source, target) if near in self.services else NONE
        return self._wanted.get((near, far), NONE)

    def allowed_out(self, place: Place) -> tuple[Box, ...]:
        """What a place may send to addresses; to addresses inside the VPC too, where someone lets it in."""
        return self._out if self.roles.get(place.name) in self.services else ()

    def allowed_to_endpoints(self, place: Place) -> tuple[Box, ...]:
        """What a place may send to the gateway endpoints of AWS services."""
        return (Box(HTTPS, INTERNET),) if self.roles.get(place.name) in self.services else ()

    def allowed_in(self, place: Place) -> tuple[Box, ...]:
        """What addresses may send to a place."""
        return (Box(self.port, self.clients),) if self.roles.get(place.name) == ENTRANCE and self._public else ()

    @cached_property
    def _wanted(self) -> dict[tuple[str, str | None], Ranges]:
        found: dict[tuple[str, str | None], Ranges] = {}
        for edge in self.edges():
            found[edge.source, edge.target] = found.get((edge.source, edge.target), NONE) | edge.traffic
        return found

    @cached_property
    def _public(self) -> tuple[str, ...]:
        return tuple(name for name, service in self.services.items() if service["public"])

    def _entrance_from(self, source: Place, target: Place) -> Ranges:
        """The load balancer is open to its clients, and a task that may call any address may call it."""
        wanted = Box(self.port, target.addresses)
        if not self._public or not source.addresses.within(self.clients) or without([wanted], self._out):
            return NONE
        return self.port
