"""What else has network interfaces in a VPC: types, and where they say in which subnets and groups.

A type that is missing here is not overlooked: a rule of a security group that serves no place of the spec is a finding
of its own (traffic/security_group_rules.py).
"""

from policies.graph.graph import Graph
from policies.graph.resource import Resource
from policies.graph.routing import SUBNET
from policies.graph.values import Values

# type -> paths of subnets (or of a subnet group), path of security groups
INTERFACES: dict[str, tuple[tuple[str, ...], str]] = {
    "aws_instance": (("subnet_id",), "vpc_security_group_ids"),
    "aws_network_interface": (("subnet_id",), "security_groups"),
    "aws_lambda_function": (("vpc_config.subnet_ids",), "vpc_config.security_group_ids"),
    "aws_db_instance": (("db_subnet_group_name",), "vpc_security_group_ids"),
    "aws_rds_cluster": (("db_subnet_group_name",), "vpc_security_group_ids"),
    "aws_elasticache_cluster": (("subnet_group_name",), "security_group_ids"),
    "aws_elasticache_replication_group": (("subnet_group_name",), "security_group_ids"),
    "aws_efs_mount_target": (("subnet_id",), "security_groups"),
    "aws_mq_broker": (("subnet_ids",), "security_groups"),
    "aws_opensearch_domain": (("vpc_options.subnet_ids",), "vpc_options.security_group_ids"),
    "aws_eks_cluster": (("vpc_config.subnet_ids",), "vpc_config.security_group_ids"),
    "aws_elb": (("subnets",), "security_groups"),
}
_SUBNET_GROUPS = ("aws_db_subnet_group", "aws_elasticache_subnet_group")


def subnets_at(place: Values, paths: tuple[str, ...], graph: Graph) -> tuple[Resource, ...]:
    """The subnets that attributes lead to, directly or through a subnet group; () where they are absent."""
    found: dict[str, Resource] = {}
    for path in paths:
        for item in graph.targets_of(place, path, SUBNET, *_SUBNET_GROUPS):
            inner = (item,) if item.kind == SUBNET else graph.targets_of(item, "subnet_ids", SUBNET)
            found.update({subnet.address: subnet for subnet in inner})
    return tuple(found.values())
