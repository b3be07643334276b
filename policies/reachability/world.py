"""The network as data, without Terraform: places, groups and filters around them, doors out of their subnets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.graph.network_acls import Acl
from policies.graph.ports import EVERYTHING
from policies.graph.ranges import NONE, Ranges, union

SERVICE, TASKS, LOAD_BALANCER, ENDPOINT, OTHER = "service", "tasks", "load balancer", "endpoint", "other"


@dataclass(frozen=True, slots=True)
class Rule:
    """One half of a connection: traffic to or from addresses, a group, or a list that only AWS can read."""

    traffic: Ranges
    addresses: Ranges = NONE
    group: str = ""
    aws_list: str = ""
    written_as: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A security group: connections it lets in and out."""

    name: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """A way between a subnet and what lies outside of its VPC.

    via: `internet gateway`, `NAT gateway`, ...; acl: the filter of the subnet that a NAT gateway stands in
    public_ip: IPv4 traffic passes only for places with a public address
    """

    via: str
    addresses: Ranges
    hops: tuple[str, ...] = ()
    inbound: bool = True
    public_ip: bool = False
    acl: Acl | None = None


@dataclass(frozen=True, slots=True)
class Subnet:
    """endpoints: the gateway endpoints that its route table leads to."""

    name: str
    addresses: Ranges
    acl: Acl = field(default_factory=lambda: Acl(""))
    doors: tuple[Door, ...] = ()
    endpoints: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """Something with network interfaces. name: the address of its resource.

    groups: names; None for what has no security group at all (a Network Load Balancer may), which filters nothing
    listens: what it can answer; initiates: whether it ever opens a connection
    """

    name: str
    kind: str
    vpc: str
    subnets: tuple[Subnet, ...]
    groups: tuple[str, ...] | None
    public_ip: bool = False
    listens: Ranges = EVERYTHING
    initiates: bool = True
    addresses: Ranges = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "addresses", union(subnet.addresses for subnet in self.subnets))


@dataclass(frozen=True, slots=True)
class Forward:
    """A listener that hands requests on to a place. hops: listener, rule, target group."""

    source: str
    listens: Ranges
    target: str
    port: int
    hops: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """vpcs: name -> its addresses, which routes to the outside never carry."""

    vpcs: Mapping[str, Ranges]
    groups: Mapping[str, Group]
    places: tuple[Place, ...]
    forwards: tuple[Forward, ...] = ()
