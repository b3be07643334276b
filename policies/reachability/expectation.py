"""What a spec wants of a world: which paths must exist, and which may. Pure.

Functions that serve the spec's secrets are let out like tasks, and nobody reaches them. Whoever has a user of a
database may reach the databases. Beyond the spec's own edges, tasks may reach the endpoints of AWS services over HTTPS,
and the public entrance where the spec lets them out to it anyway.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policies.functions import Expected, services_with_databases
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
    """services: place -> microservice, for the services that bear a name of the spec; functions: likewise."""

    def __init__(
        self, spec: Spec, world: World, services: Mapping[str, str], functions: Mapping[str, Expected] | None = None
    ) -> None:
        self._world = world
        self._functions = {place: f"function {each.component}" for place, each in (functions or {}).items()}
        self._known = {**services, **self._functions}
        self._databases = _databases(spec)
        self._have_database = services_with_databases(spec) | {
            self._functions[place] for place, each in (functions or {}).items() if each.opens_database
        }
        self.services = dict(spec.get("services"))
        self.port = tcp(spec.get("load_balancer.port"))
        self.clients = union(map(cidr, spec.get("load_balancer.public_cidrs")))
        self._out = _boxes(spec.get("reachability.outbound"))
        self._functions_out = _boxes(spec.get("secrets.functions_outbound")) if spec.states("secrets") else ()
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

    @property
    def senders(self) -> tuple[str, ...]:
        """The roles that must be able to send something out: every service and function."""
        return (*self.services, *dict.fromkeys(self._functions.values()))

    def leaving(self, role: str) -> tuple[Box, ...]:
        """What a sender must be able to send out of the VPC."""
        return tuple(Box(box.traffic, box.addresses & INTERNET) for box in self._out_of(role))

    def _out_of(self, role: str) -> tuple[Box, ...]:
        return self._out if role in self.services else self._functions_out

    def databases_of(self, role: str) -> tuple[Box, ...]:
        """What a role must be able to send to the databases, wherever they are."""
        return self._databases if role in self._have_database else ()

    def allowed(self, source: Place, target: Place) -> Ranges:
        """The traffic that may flow between two places."""
        near, far = self.roles.get(source.name), self.roles.get(target.name)
        if near is None:
            return NONE
        if target.kind == ENDPOINT:
            return HTTPS if near in self.services else NONE
        if far == ENTRANCE:
            return self._entrance_from(source, target) if near in self.senders else NONE
        return self._wanted.get((near, far), NONE)

    def allowed_out(self, place: Place) -> tuple[Box, ...]:
        """What a place may send to addresses; to addresses inside the VPC too, where someone lets it in."""
        role = self.roles.get(place.name, "")
        return (*self._out_of(role), *self.databases_of(role)) if role in self.senders else ()

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
        out = self._out_of(self.roles.get(source.name, ""))
        if not self._public or not source.addresses.within(self.clients) or without([wanted], out):
            return NONE
        return self.port


def _databases(spec: Spec) -> tuple[Box, ...]:
    if not spec.states("secrets.databases"):
        return ()
    return _boxes([spec.get("secrets.databases")])


def _boxes(rows: Iterable[Mapping[str, Any]]) -> tuple[Box, ...]:
    return tuple(Box(tcp(row["port"]), cidr(row["cidr"])) for row in rows)
