"""Security group rules, in whichever of the four forms they are written, as one kind of record.

Forms: aws_vpc_security_group_*_rule, aws_security_group_rule, blocks inside aws_security_group and
aws_default_security_group, and the rules AWS gives a default group that nobody manages. Source:
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html (checked 2026-11-22).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.graph.addresses import EVERYWHERE, read_cidrs
from policies.graph.graph import Graph
from policies.graph.ports import EVERYTHING, read_traffic
from policies.graph.prefix_lists import read_prefix_list
from policies.graph.ranges import NONE, Ranges, union
from policies.graph.values import Values
from policies.graph.vpc_defaults import SECURITY_GROUP, VPC, names_at

KIND = "aws_security_group"
INGRESS, EGRESS = "ingress", "egress"
_SEPARATE = {"aws_vpc_security_group_ingress_rule": INGRESS, "aws_vpc_security_group_egress_rule": EGRESS}


@dataclass(frozen=True, slots=True)
class Peer:
    """The other side of a rule, exactly one of: addresses, a security group, a prefix list that AWS keeps."""

    addresses: Ranges = NONE
    group: str = ""
    aws_list: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class GroupRule:
    """What a group lets in or out: this traffic, from or to this peer. place: where it is written, for findings."""

    place: Values
    group: str
    direction: str
    traffic: Ranges
    peer: Peer

    @property
    def written_as(self) -> str:
        """`aws_vpc_security_group_ingress_rule.a`, `aws_security_group.b ingress[0]`."""
        return f"{self.place.resource.address} {self.place.where()}".strip()


GroupRules = Mapping[str, tuple[GroupRule, ...]]


def group_rules(graph: Graph) -> GroupRules:
    """Every rule of every group, by the group's name (see vpc_defaults)."""
    return graph.once(_group_rules)


def groups_at(place: Values, path: str, graph: Graph) -> tuple[str, ...]:
    """The names of the groups that an attribute leads to; () when it is absent."""
    return names_at(place, path, KIND, SECURITY_GROUP, graph)


def _group_rules(graph: Graph) -> GroupRules:
    """A state repeats separate rules inside the group: what says no more than they do is left out."""
    found: defaultdict[str, list[GroupRule]] = defaultdict(list)
    said: defaultdict[tuple[str, str, Ranges], list[Peer]] = defaultdict(list)
    for rule in (*_separate(graph), *_old_style(graph)):
        said[rule.group, rule.direction, rule.traffic].append(rule.peer)
        found[rule.group].append(rule)
    for rule in (*_inline(graph), *_unmanaged(graph)):
        if not _is_said(rule.peer, said.get((rule.group, rule.direction, rule.traffic), [])):
            found[rule.group].append(rule)
    return {group: tuple(rules) for group, rules in found.items()}


def _is_said(peer: Peer, peers: list[Peer]) -> bool:
    """Whether peers of other rules hold all of this one; a state merges the addresses of several rules."""
    if peer.addresses:
        return peer.addresses.within(union(other.addresses for other in peers))
    return peer in peers


def _separate(graph: Graph) -> Iterator[GroupRule]:
    for kind, direction in _SEPARATE.items():
        for item in graph.of_type(kind):
            traffic = read_traffic(item, "ip_protocol")
            peers = tuple(
                _peers(item, graph, ("cidr_ipv4", "cidr_ipv6"), "prefix_list_id", "referenced_security_group_id")
            )
            yield from _rules(item, groups_at(item, "security_group_id", graph), direction, traffic, peers)


def _old_style(graph: Graph) -> Iterator[GroupRule]:
    for item in graph.of_type("aws_security_group_rule"):
        direction = item.text("type") or ""
        if direction not in (INGRESS, EGRESS):
            raise item.malformed("type", direction, f"{INGRESS} or {EGRESS}")
        groups = groups_at(item, "security_group_id", graph)
        peers = list(
            _peers(item, graph, ("cidr_blocks", "ipv6_cidr_blocks"), "prefix_list_ids", "source_security_group_id")
        )
        if item.boolean("self", False):
            peers += [Peer(group=group) for group in groups]
        yield from _rules(item, groups, direction, read_traffic(item, "protocol"), tuple(peers))


def _inline(graph: Graph) -> Iterator[GroupRule]:
    for item in graph.of_type(KIND, SECURITY_GROUP.managed_by):
        for direction in (INGRESS, EGRESS):
            for block in item.blocks(direction):
                peers = list(
                    _peers(block, graph, ("cidr_blocks", "ipv6_cidr_blocks"), "prefix_list_ids", "security_groups")
                )
                if block.boolean("self", False):
                    peers.append(Peer(group=item.address))
                yield from _rules(block, (item.address,), direction, read_traffic(block, "protocol"), tuple(peers))


def _unmanaged(graph: Graph) -> Iterator[GroupRule]:
    """A default group that nobody manages lets its own members in and everything out."""
    for vpc in graph.of_type(VPC):
        if not SECURITY_GROUP.managing(vpc, graph):
            name = SECURITY_GROUP.name(vpc, graph)
            yield GroupRule(vpc, name, INGRESS, EVERYTHING, Peer(group=name))
            yield GroupRule(vpc, name, EGRESS, EVERYTHING, Peer(addresses=EVERYWHERE))


def _peers(place: Values, graph: Graph, cidrs: tuple[str, ...], lists: str, groups: str) -> Iterator[Peer]:
    for path in cidrs:
        if addresses := read_cidrs(place, path):
            yield Peer(addresses=addresses)
    for path in _each(place, lists):
        addresses, aws_list = read_prefix_list(place, path, graph)
        yield Peer(addresses=addresses, aws_list=aws_list)
    for group in groups_at(place, groups, graph):
        yield Peer(group=group)


def _each(place: Values, path: str) -> tuple[str, ...]:
    """The path, or the paths of a list's items."""
    if not place.has(path):
        return ()
    value = place.get(path)
    return tuple(f"{path}[{index}]" for index in range(len(value))) if isinstance(value, list) else (path,)


def _rules(
    place: Values, groups: tuple[str, ...], direction: str, traffic: Ranges, peers: tuple[Peer, ...]
) -> Iterator[GroupRule]:
    if not groups:
        raise place.malformed("security_group_id", None, "the group that the rule belongs to")
    if not peers:
        raise place.malformed("", place.values.get("description"), "a rule with a CIDR range, a prefix list or a group")
    for group in groups:
        for peer in peers:
            yield GroupRule(place, group, direction, traffic, peer)
