"""Which microservice a resource belongs to: by its name, or by what it is attached to where the name says less."""

import re

from policies.graph import Graph, Resource
from policies.graph.ecs import SCALING_TARGET, SERVICE, resource_id_of
from policies.microservices import microservices
from policies.rules.naming._names import Name, names, words_of
from policies.spec import Spec

SHARED = "platform"
# Kinds that no microservice has for itself, whatever their names begin with: a key `logs` beside a service `logs`.
ALWAYS_SHARED = frozenset(
    {
        "aws_eip",
        "aws_flow_log",
        "aws_internet_gateway",
        "aws_kms_key",
        "aws_nat_gateway",
        "aws_route_table",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint",
    }
)
# What belongs to whomever an attribute leads to: a rule of a security group to the owner of the group.
BELONGS_TO = {
    "aws_vpc_security_group_egress_rule": ("security_group_id", "aws_security_group"),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", "aws_security_group"),
}


def owner_of(resource: Resource, graph: Graph, spec: Spec) -> str:
    """The microservice, or `platform` for what is shared. UnresolvedError where an attachment leads nowhere."""
    if resource.kind in ALWAYS_SHARED:
        return SHARED
    if resource.kind == SCALING_TARGET:
        return _owner_of_scaled(resource, graph, spec)
    if resource.kind in BELONGS_TO:
        attribute, kind = BELONGS_TO[resource.kind]
        return owner_of(graph.target_of(resource, attribute, kind), graph, spec)
    return _owner_by_name(graph.once(_own_names).get(resource.address), spec)


def _owner_of_scaled(target: Resource, graph: Graph, spec: Spec) -> str:
    scaled = target.text("resource_id")
    for service in graph.of_type(SERVICE):
        if resource_id_of(service, graph) == scaled:
            return owner_of(service, graph, spec)
    return SHARED


def _owner_by_name(name: Name | None, spec: Spec) -> str:
    """The longest microservice that the component of the name is, or begins with."""
    if name is None or name.text is None:
        return SHARED
    words = rf"(?:{words_of(name.kind)})-"
    if not re.match(words, name.text):
        words = r"[a-z0-9]+(?:-[a-z0-9]+)*?-"  # a type in other words than ours, which name-pattern reports
    for microservice in sorted(microservices(spec), key=len, reverse=True):
        if re.match(rf"{words}{re.escape(microservice)}(?:-|$)", name.text):
            return microservice
    return SHARED


def _own_names(graph: Graph) -> dict[str, Name]:
    """Address -> the name that is the resource's own, not the domain it speaks of."""
    return {name.resource.address: name for name in names(graph) if not name.is_dns}
