"""What can be read only with `*`: AWS limits none of these to resources."""

from infra.bootstrap.reach import Reach, actions, every
from infra.policy import Statement, allow

READ = (
    actions("acm", "ListCertificates"),
    actions("application-autoscaling", "DescribeScalableTargets DescribeScalingPolicies"),
    actions("ec2", "DescribeAddresses DescribeAddressesAttribute DescribeAvailabilityZones DescribeFlowLogs "
                   "DescribeInternetGateways DescribeManagedPrefixLists DescribeNatGateways DescribeNetworkAcls "
                   "DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules "
                   "DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVpcEndpoints DescribeVpcs"),
    actions("ecs", "DescribeTaskDefinition ListClusters ListServices ListTaskDefinitions"),
    actions("elasticloadbalancing", "DescribeCapacityReservation DescribeListenerAttributes "
                                    "DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes "
                                    "DescribeLoadBalancers "
                                    "DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups "
                                    "DescribeTargetHealth"),
    actions("kms", "ListAliases"),
    actions("logs", "DescribeLogGroups"),
    actions("route53", "ListHostedZones ListHostedZonesByName"),
    actions("secretsmanager", "GetRandomPassword ListSecrets"),
    actions("servicediscovery", "GetOperation ListInstances ListNamespaces ListServices ListTagsForResource"),
    actions("sts", "GetCallerIdentity"),
)  # fmt: skip
# AWS limits this one neither by a resource nor by a tag.
FORGET = ["ecs:DeregisterTaskDefinition"]


def statements(reach: Reach) -> list[Statement]:
    """One statement for reading; the rest is what AWS cannot limit although it changes something."""
    attributes = allow("ReadVpcs", ["ec2:DescribeVpcAttribute"], [reach.arn("ec2", "vpc/*")], Condition=reach.tagged())
    tasks = allow(
        "ReadTasks",
        ["ecs:ListTasks"],
        ["*"],
        Condition={"ArnLike": {"ecs:cluster": reach.named("ecs", "cluster/ecs-cluster*-{suffix}")}},
    )
    changes = allow("ReadChanges", ["route53:GetChange"], [reach.everywhere("route53", "change/*")])
    return [
        allow("Read", every(READ), ["*"]),
        attributes,
        tasks,
        changes,
        allow("DeregisterTaskDefinitions", FORGET, ["*"]),
    ]
