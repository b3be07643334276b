"""Which part of a security group rule no path of the spec needs. Pure.

Stricter than the paths there are: a rule whose other half, or route, is missing lets nothing through today.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from policies.graph.addresses import INTERNET, describe_addresses
from policies.graph.ports import describe_traffic
from policies.graph.ranges import Box, without
from policies.reachability.expectation import HTTPS, Expectation
from policies.reachability.world import ENDPOINT, Place, Rule, World

NOBODY = "nothing: no place of the spec has this group"


class Justification:
    """What of a rule is not needed, in words; nothing when all of it is."""

    def __init__(self, world: World, expectation: Expectation) -> None:
        self._world, self._expectation = world, expectation

    def unneeded(self, group: str, rule: Rule, *, ingress: bool) -> Iterator[str]:
        """Per place that has the group, what the rule lets through beyond the place's paths."""
        places = self._members.get(group, ())
        if not places:
            yield f"{describe_traffic(rule.traffic)}, which serves {NOBODY}"
        for place in places:
            yield from self._at(place, rule, ingress)

    def _at(self, place: Place, rule: Rule, ingress: bool) -> Iterator[str]:
        if not rule.group:
            yield from self._with_addresses(place, rule, ingress)
            return
        word = "from" if ingress else "to"
        peers = self._members.get(rule.group, ())
        if not peers:
            yield f"{describe_traffic(rule.traffic)} {word} {rule.group}, which nothing has"
        for peer in peers:
            source, target = (peer, place) if ingress else (place, peer)
            if traffic := rule.traffic - self._expectation.allowed(source, target):
                yield f"{describe_traffic(traffic)} {word} {peer.name}"

    def _with_addresses(self, place: Place, rule: Rule, ingress: bool) -> Iterator[str]:
        if ingress:
            allowed = self._expectation.allowed_in(place)
        elif rule.aws_list:
            allowed = (*self._expectation.allowed_out(place), *self._expectation.allowed_to_endpoints(place))
        else:
            allowed = self._expectation.allowed_out(place)
        left = without([Box(rule.traffic, INTERNET if rule.aws_list else rule.addresses)], allowed)
        left = without(left, self._neighbours(place, ingress)) if left and not rule.aws_list else left
        for box in left:
            word = "from" if ingress else "to"
            yield f"{describe_traffic(box.traffic)} {word} {rule.aws_list or describe_addresses(box.addresses)}"

    def _neighbours(self, place: Place, ingress: bool) -> Iterator[Box]:
        """Addresses of the VPC that stand for places with a path; any of the VPC's may ask an endpoint."""
        if ingress and place.kind == ENDPOINT:
            yield Box(HTTPS, self._world.vpcs[place.vpc])
        for other in self._of_vpc[place.vpc]:
            source, target = (other, place) if ingress else (place, other)
            yield Box(self._expectation.allowed(source, target), other.addresses)

    @cached_property
    def _of_vpc(self) -> dict[str, list[Place]]:
        index: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self._world.places:
            index[place.vpc].append(place)
        return index

    @cached_property
    def _members(self) -> dict[str, list[Place]]:
        index: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self._world.places:
            for group in place.groups or ():
                index[group].append(place)
        return index
