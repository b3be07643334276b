"""What AWS makes with every VPC: a default security group, a main route table, a default network ACL.

They may be managed (aws_default_*), written to without being managed (`${aws_vpc.main.main_route_table_id}`), or not
mentioned at all. Each is known by the address of the resource that manages it, else by a name such as
`aws_vpc.main.main_route_table_id`.
"""

from collections import defaultdict

from policies.graph.failures import UnresolvedError
from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.templates import TemplateError, references
from policies.graph.values import Values

VPC = "aws_vpc"


class Defaults:
    """One kind of default. managed_by: the type that manages it; attributes: of the VPC, whose value is its id."""

    def __init__(self, managed_by: str, *attributes: str) -> None:
        self.managed_by = managed_by
        self.attributes = attributes

    def name(self, vpc: Resource, graph: Graph) -> str:
        """The name of the VPC's default of this kind."""
        managing = self.managing(vpc, graph)
        return managing[0].address if managing else f"{vpc.address}.{self.attributes[0]}"

    def managing(self, vpc: Resource, graph: Graph) -> tuple[Resource, ...]:
        """The resources that manage it."""
        return tuple(graph.once(self._managing).get(vpc.address, ()))

    def vpc_meant(self, value: str, graph: Graph) -> Resource | None:
        """The VPC whose default this value is the id of: a reference to its attribute, or in a state the id itself."""
        try:
            written = references(value)
        except TemplateError:
            return None  # whoever follows the value will say so
        if not written:
            return graph.once(self._vpcs_by_id).get(value)
        steps = written[0].steps
        if len(written) == 1 and written[0].head == VPC and steps and steps[-1] in self.attributes:
            return next(iter(graph.instances(written[0])), None)
        return None

    def _vpcs_by_id(self, graph: Graph) -> dict[str, Resource]:
        return {
            value: vpc
            for vpc in graph.of_type(VPC)
            for attribute in self.attributes
            if isinstance(value := vpc.values.get(attribute), str) and value
        }

    def _managing(self, graph: Graph) -> dict[str, list[Resource]]:
        index: defaultdict[str, list[Resource]] = defaultdict(list)
        for item in graph.of_type(self.managed_by):
            for vpc in self._vpcs(item, graph):
                index[vpc.address].append(item)
        return index

    def _vpcs(self, item: Resource, graph: Graph) -> tuple[Resource, ...]:
        if item.has("vpc_id"):
            return graph.targets_of(item, "vpc_id", VPC)
        found = (self.vpc_meant(str(value), graph) for path in self.attributes for value in item.spread(path))
        return tuple(vpc for vpc in found if vpc)


SECURITY_GROUP = Defaults("aws_default_security_group", "default_security_group_id")
ROUTE_TABLE = Defaults("aws_default_route_table", "main_route_table_id", "default_route_table_id")
NETWORK_ACL = Defaults("aws_default_network_acl", "default_network_acl_id")


def names_at(place: Values, path: str, kind: str, defaults: Defaults, graph: Graph) -> tuple[str, ...]:
    """The names of what an attribute, or a list, leads to: addresses, or names of a VPC's defaults.

    () when the attribute is absent, UnresolvedError when it leads outside of the stack.
    """
    found: dict[str, None] = {}
    for value in place.spread(path):
        if isinstance(value, str) and (vpc := defaults.vpc_meant(value, graph)):
            found[defaults.name(vpc, graph)] = None
        elif value != "":
            try:
                found.update({item.address: None for item in graph.follow(value, kind, defaults.managed_by)})
            except UnresolvedError as failure:
                raise place.unresolved(path, failure.found, failure.expected) from failure
    return tuple(found)
