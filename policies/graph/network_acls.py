"""Network ACLs, a subnet's stateless filter. Rules are tried by number; what no rule allows is denied.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html (checked 2026-11-22).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from policies.graph.addresses import EVERYWHERE, read_cidrs
from policies.graph.graph import Graph
from policies.graph.ports import EVERYTHING, read_traffic
from policies.graph.ranges import Box, without
from policies.graph.resource import Resource
from policies.graph.values import Values
from policies.graph.vpc_defaults import NETWORK_ACL, VPC, names_at

KIND = "aws_network_acl"
INGRESS, EGRESS = "ingress", "egress"
_ALL = (Box(EVERYTHING, EVERYWHERE),)


@dataclass(frozen=True, slots=True)
class Acl:
    """What it lets into the subnet and out of it, as disjoint boxes. name: an address, or that of a VPC's default."""

    name: str
    ingress: tuple[Box, ...] = _ALL
    egress: tuple[Box, ...] = _ALL

    @property
    def is_open(self) -> bool:
        return self.ingress == _ALL and self.egress == _ALL


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, before the order has been taken into account."""

    number: int
    allows: bool
    box: Box


def allowed_boxes(entries: list[Entry]) -> tuple[Box, ...]:
    """What the entries allow, the lowest number first."""
    undecided: tuple[Box, ...] = _ALL
    allowed: list[Box] = []
    for entry in sorted(entries, key=lambda item: item.number):
        if entry.allows:
            allowed += [box for piece in undecided if (box := piece & entry.box)]
        undecided = without(undecided, [entry.box])
    return tuple(allowed)


def acl_of(subnet: Resource, graph: Graph) -> Acl:
    """The filter in front of a subnet: the one it is associated with, else its VPC's default."""
    name = graph.once(_associated).get(subnet.address)
    if name is None:
        name = NETWORK_ACL.name(graph.target_of(subnet, "vpc_id", VPC), graph)
    return graph.once(_acls).get(name, Acl(name))


def _associated(graph: Graph) -> dict[str, str]:
    found = {}
    for acl in graph.of_type(KIND, NETWORK_ACL.managed_by):
        for subnet in graph.targets_of(acl, "subnet_ids", "aws_subnet"):
            found[subnet.address] = acl.address
    for item in graph.of_type("aws_network_acl_association"):
        for name in names_at(item, "network_acl_id", KIND, NETWORK_ACL, graph):
            found[graph.target_of(item, "subnet_id", "aws_subnet").address] = name
    return found


def _acls(graph: Graph) -> dict[str, Acl]:
    """The filters that are managed, or written to without being managed; AWS's own default lets everything through."""
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    names = {acl.address for acl in graph.of_type(KIND, NETWORK_ACL.managed_by)}
    for name, direction, entry in _entries(graph):
        if name not in names:
            names.add(name)
            for side in (INGRESS, EGRESS):
                entries[name, side].append(Entry(100, True, _ALL[0]))
        entries[name, direction].append(entry)
    return {name: Acl(name, *(allowed_boxes(entries[name, side]) for side in (INGRESS, EGRESS))) for name in names}


def _entries(graph: Graph) -> Iterator[tuple[str, str, Entry]]:
    for acl in graph.of_type(KIND, NETWORK_ACL.managed_by):
        for direction in (INGRESS, EGRESS):
            for block in acl.blocks(direction):
                yield acl.address, direction, _entry(block, "rule_no", "action")
    for item in graph.of_type("aws_network_acl_rule"):
        direction = EGRESS if item.boolean("egress", False) else INGRESS
        for name in names_at(item, "network_acl_id", KIND, NETWORK_ACL, graph):
            yield name, direction, _entry(item, "rule_number", "rule_action")


def _entry(place: Values, number_path: str, action_path: str) -> Entry:
    number, action = place.number(number_path), (place.text(action_path) or "").lower()
    if number is None:
        raise place.malformed(number_path, None, "a number")
    if action not in ("allow", "deny"):
        raise place.malformed(action_path, action, "allow or deny")
    addresses = read_cidrs(place, "cidr_block", "ipv6_cidr_block")
    return Entry(int(number), action == "allow", Box(read_traffic(place, "protocol"), addresses))
