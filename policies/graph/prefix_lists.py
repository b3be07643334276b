"""Prefix lists: named sets of addresses that security groups and routes refer to, of this stack or of AWS."""

from policies.graph.addresses import read_cidrs
from policies.graph.graph import Graph
from policies.graph.ranges import NONE, Ranges
from policies.graph.resource import Resource
from policies.graph.values import Values

OWN = "aws_ec2_managed_prefix_list"
OF_AWS = ("data.aws_prefix_list", "data.aws_ec2_managed_prefix_list")
ENDPOINT = "aws_vpc_endpoint"


def read_prefix_list(place: Values, path: str, graph: Graph) -> tuple[Ranges, str]:
    """The addresses of a list of this stack and "", or no addresses and the name of a list that AWS keeps.

    AWS's list is named by the address of the gateway endpoint that it belongs to, or by its own name,
    `com.amazonaws.us-east-1.s3`. UnresolvedError for a list whose content nobody can see.
    """
    value = place.get(path)
    if isinstance(value, str) and (endpoint := graph.once(_endpoints_by_list).get(value)):
        return NONE, endpoint.address
    found = graph.target_of(place, path, OWN, ENDPOINT, *OF_AWS)
    if found.kind == ENDPOINT:
        return NONE, found.address
    if found.kind == OWN:
        return graph.once(_addresses_of_lists)[found.address], ""
    name = found.text("name") or found.text("prefix_list_name") or ""
    if not name.startswith("com.amazonaws."):
        raise place.unresolved(path, value, "a prefix list of this stack or of AWS")
    return NONE, name


def _endpoints_by_list(graph: Graph) -> dict[str, Resource]:
    found = ((item.values.get("prefix_list_id"), item) for item in graph.of_type(ENDPOINT))
    return {value: item for value, item in found if isinstance(value, str) and value and "${" not in value}


def _addresses_of_lists(graph: Graph) -> dict[str, Ranges]:
    found = {item.address: NONE for item in graph.of_type(OWN)}
    for item in graph.of_type(OWN):
        for entry in item.blocks("entry"):
            found[item.address] |= read_cidrs(entry, "cidr")
    for entry_resource in graph.of_type(f"{OWN}_entry"):
        target = graph.target_of(entry_resource, "prefix_list_id", OWN)
        found[target.address] |= read_cidrs(entry_resource, "cidr")
    return found
