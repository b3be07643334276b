"""The world of a graph: places with network interfaces, the groups around them, and what listeners hand on."""

from collections import defaultdict
from collections.abc import Iterator

from policies.graph.graph import Graph
from policies.graph.load_balancing import (
    LISTENER_RULES,
    LISTENERS,
    LOAD_BALANCERS,
    forwarded_to,
    is_public,
    load_balancer_of,
    registrations,
)
from policies.graph.ports import tcp, udp
from policies.graph.ranges import NONE, Ranges
from policies.graph.resource import Resource
from policies.graph.security_groups import EGRESS, INGRESS, GroupRule, group_rules, groups_at
from policies.graph.task_networks import SERVICE as SERVICE_KIND
from policies.graph.task_networks import task_networks
from policies.graph.values import Values
from policies.graph.vpc_defaults import SECURITY_GROUP
from policies.reachability.interfaces import INTERFACES, subnets_at
from policies.reachability.subnets import SubnetReader, aws_list_name
from policies.reachability.world import (
    ENDPOINT,
    LOAD_BALANCER,
    OTHER,
    SERVICE,
    TASKS,
    Forward,
    Group,
    Place,
    Rule,
    Subnet,
    World,
)

_OF_AWS, _OF_OTHERS = ("com.amazonaws.", "aws."), "com.amazonaws.vpce."


def world_of(graph: Graph) -> World:
    """The world, read once per graph. UnresolvedError where something in it cannot be known."""
    return graph.once(_world)


def _world(graph: Graph) -> World:
    reader = SubnetReader(graph)
    kinds = (_tasks, _load_balancers, _endpoints, _others)
    return World(
        vpcs=reader.vpcs,
        groups={name: _group(name, rules, graph) for name, rules in group_rules(graph).items()},
        places=tuple(place for read in kinds for place in read(graph, reader)),
        forwards=tuple(_forwards(graph)),
    )


def _tasks(graph: Graph, reader: SubnetReader) -> Iterator[Place]:
    for network in task_networks(graph):
        owner, subnets = network.owner, reader.read(network.subnets(graph))
        yield Place(
            name=owner.address,
            kind=SERVICE if owner.kind == SERVICE_KIND else TASKS,
            vpc=reader.vpc_of(subnets).address,
            subnets=subnets,
            groups=_groups(network.place or owner, "security_groups", subnets, reader),
            public_ip=network.public_ip,
        )


def _load_balancers(graph: Graph, reader: SubnetReader) -> Iterator[Place]:
    """A Network Load Balancer without a group is not filtered; an application one then has its VPC's default group."""
    listening = _listening(graph)
    for item in graph.of_type(*LOAD_BALANCERS):
        if not (subnets := reader.read(subnets_at(item, ("subnets", "subnet_mapping.subnet_id"), graph))):
            raise item.malformed("subnets", None, "the subnets of the load balancer")
        filtered = item.has("security_groups") or item.text("load_balancer_type", "application") == "application"
        yield Place(
            name=item.address,
            kind=LOAD_BALANCER,
            vpc=reader.vpc_of(subnets).address,
            subnets=subnets,
            groups=_groups(item, "security_groups", subnets, reader) if filtered else None,
            public_ip=is_public(item),
            listens=listening.get(item.address, NONE),
        )


def _endpoints(graph: Graph, reader: SubnetReader) -> Iterator[Place]:
    """Interface endpoints. One that leads to somebody else's service is no endpoint of AWS."""
    for item in graph.of_type("aws_vpc_endpoint"):
        if subnets := reader.read(subnets_at(item, ("subnet_ids", "subnet_configuration.subnet_id"), graph)):
            service = item.text("service_name") or ""
            trusted = service.startswith(_OF_AWS) and not service.startswith(_OF_OTHERS)
            kind = ENDPOINT if trusted else OTHER
            yield _placed(item, item, kind, subnets, "security_group_ids", reader, initiates=False)


def _others(graph: Graph, reader: SubnetReader) -> Iterator[Place]:
    for kind, (subnet_paths, group_path) in INTERFACES.items():
        for item in graph.of_type(kind):
            if subnets := reader.read(subnets_at(item, subnet_paths, graph)):
                yield _placed(item, item, OTHER, subnets, group_path, reader, initiates=True)


def _placed(
    item: Resource,
    place: Values,
    kind: str,
    subnets: tuple[Subnet, ...],
    group_path: str,
    reader: SubnetReader,
    *,
    initiates: bool,
) -> Place:
    groups = _groups(place, group_path, subnets, reader)
    if item.kind == "aws_vpc_endpoint":
        groups = tuple(dict.fromkeys((*groups, *_associated(item, reader.graph))))
    public = item.boolean("associate_public_ip_address", False) or item.boolean("publicly_accessible", False)
    vpc = reader.vpc_of(subnets).address
    return Place(item.address, kind, vpc, subnets, groups, public_ip=bool(public), initiates=initiates)


def _groups(place: Values, path: str, subnets: tuple[Subnet, ...], reader: SubnetReader) -> tuple[str, ...]:
    """The named groups, or the VPC's default one, which AWS takes where none is named."""
    return groups_at(place, path, reader.graph) or (SECURITY_GROUP.name(reader.vpc_of(subnets), reader.graph),)


def _associated(endpoint: Resource, graph: Graph) -> Iterator[str]:
    for item in graph.referrers(endpoint, "aws_vpc_endpoint_security_group_association", "vpc_endpoint_id"):
        yield from groups_at(item, "security_group_id", graph)


def rule_of(rule: GroupRule, graph: Graph) -> Rule:
    """A security group rule as the model has it."""
    peer = rule.peer
    return Rule(rule.traffic, peer.addresses, peer.group, aws_list_name(peer.aws_list, graph), rule.written_as)


def _group(name: str, rules: tuple[GroupRule, ...], graph: Graph) -> Group:
    ingress = tuple(rule_of(rule, graph) for rule in rules if rule.direction == INGRESS)
    egress = tuple(rule_of(rule, graph) for rule in rules if rule.direction == EGRESS)
    return Group(name, ingress, egress)


def _listens(listener: Resource) -> Ranges:
    port = listener.number("port")
    if port is None or port != int(port) or not 1 <= port <= 65535:
        raise listener.malformed("port", port, "a port from 1 to 65535")
    protocol = (listener.text("protocol") or "").upper()
    sets = {"UDP": udp(int(port)), "TCP_UDP": tcp(int(port)) | udp(int(port)), "QUIC": udp(int(port))}
    return sets.get(protocol, tcp(int(port)))


def _listening(graph: Graph) -> dict[str, Ranges]:
    index: defaultdict[str, Ranges] = defaultdict(lambda: NONE)
    for listener in graph.of_type(*LISTENERS):
        index[load_balancer_of(listener, graph).address] |= _listens(listener)
    return index


def _forwards(graph: Graph) -> Iterator[Forward]:
    """What listeners hand on by default and by their rules."""
    for listener in graph.of_type(*LISTENERS):
        for action in listener.blocks("default_action"):
            yield from _forwarded(action, (listener.address,), listener, graph)
    for rule in graph.of_type(*LISTENER_RULES):
        listener = graph.target_of(rule, "listener_arn", *LISTENERS)
        for action in rule.blocks("action"):
            yield from _forwarded(action, (listener.address, rule.address), listener, graph)


def _forwarded(action: Values, hops: tuple[str, ...], listener: Resource, graph: Graph) -> Iterator[Forward]:
    source = load_balancer_of(listener, graph).address
    for target_group in forwarded_to(action, graph):
        for registration in registrations(target_group, graph):
            port = registration.place.number("container_port")
            if port is None:
                raise registration.place.malformed("container_port", None, "a port")
            through = (*hops, target_group.address)
            yield Forward(source, _listens(listener), registration.service.address, int(port), through)
