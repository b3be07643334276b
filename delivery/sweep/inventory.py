"""How to list everything that the stacks can make, as data: one row per kind of thing.

A row holds one or more calls. Each gives ids (a JMESPath expression over the whole answer, in which {0}, {1} stand for
the ids chosen so far); the next call is made for every one of them. What AWS makes by itself is filtered out: the
default VPC and its parts, keys and policies that AWS manages, the records that every zone has.

The last call of a row may give objects instead of ids, with what AWS says of a thing beside its id: `name` where the id
is none, `arn`, `tags`, `created`, `within` (what it is a part of or hangs on) and `also` (its other handles).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ALL_KEY_TYPES = [  # without them ACM lists RSA certificates only (API_ListCertificates, checked 2026-11-22)
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
]


@dataclass(frozen=True)
class Call:
    """An operation in boto3's spelling, its arguments for the ids chosen so far, and the ids in its answer."""

    operation: str
    ids: str
    arguments: Callable[..., dict[str, Any]] = lambda *_ids: {}


@dataclass(frozen=True)
class Listing:
    """One kind of thing."""

    service: str
    kind: str
    calls: tuple[Call, ...]


def _listing(service: str, kind: str, *calls: Call) -> Listing:
    return Listing(service, kind, calls)


# The id is `none` where the account has no default VPC, so that what follows is listed all the same.
_DEFAULT_VPC = Call("describe_vpcs", "Vpcs[?IsDefault].VpcId || ['none']")
_CLUSTERS = Call("list_clusters", "clusterArns")
_BALANCERS = Call("describe_load_balancers", "LoadBalancers[].LoadBalancerArn")
_DESCRIBED_BALANCERS = Call(
    "describe_load_balancers",
    "LoadBalancers[].{id: LoadBalancerArn, name: LoadBalancerName, within: [VpcId], created: CreatedTime, "
    "also: [DNSName]}",
)
_REPOSITORIES = Call("describe_repositories", "repositories[].repositoryName")


def _of_default_vpc(kind: str, operation: str, ids: str) -> Listing:
    return _listing("ec2", kind, _DEFAULT_VPC, Call(operation, ids))


INVENTORY = (
    _listing("ec2", "VPC", Call("describe_vpcs", "Vpcs[?!IsDefault].{id: VpcId, tags: Tags}")),
    _of_default_vpc("subnet", "describe_subnets", "Subnets[?VpcId!='{0}'].{id: SubnetId, tags: Tags, within: [VpcId]}"),
    _of_default_vpc(
        "security group",
        "describe_security_groups",
        "SecurityGroups[?VpcId!='{0}'].{id: GroupId, tags: Tags, within: [VpcId], name: GroupName}",
    ),
    _of_default_vpc(
        "route table",
        "describe_route_tables",
        "RouteTables[?VpcId!='{0}'].{id: RouteTableId, tags: Tags, within: [VpcId], "
        "main: Associations[?Main] | [0].Main}",
    ),
    _of_default_vpc(
        "network ACL",
        "describe_network_acls",
        "NetworkAcls[?VpcId!='{0}'].{id: NetworkAclId, tags: Tags, within: [VpcId], main: IsDefault}",
    ),
    _of_default_vpc(
        "internet gateway",
        "describe_internet_gateways",
        "InternetGateways[?!(Attachments[?VpcId=='{0}'])]"
        ".{id: InternetGatewayId, tags: Tags, within: Attachments[].VpcId}",
    ),
    _listing(
        "ec2",
        "NAT gateway",
        Call(
            "describe_nat_gateways",
            "NatGateways[?State!='deleted'].{id: NatGatewayId, tags: Tags, within: [VpcId], created: CreateTime, "
            "leads_to: NatGatewayAddresses[].AllocationId}",
        ),
    ),
    _listing(
        "ec2",
        "elastic IP",
        Call("describe_addresses", "Addresses[].{id: AllocationId, tags: Tags, within: [NetworkInterfaceId]}"),
    ),
    _listing(
        "ec2",
        "network interface",
        Call(
            "describe_network_interfaces",
            "NetworkInterfaces[].{id: NetworkInterfaceId, tags: TagSet, within: [VpcId]}",
        ),
    ),
    _listing(
        "ec2",
        "VPC endpoint",
        Call(
            "describe_vpc_endpoints",
            "VpcEndpoints[?State!='deleted'].{id: VpcEndpointId, tags: Tags, within: [VpcId], "
            "created: CreationTimestamp}",
        ),
    ),
    _listing(
        "ec2",
        "flow log",
        Call(
            "describe_flow_logs", "FlowLogs[].{id: FlowLogId, tags: Tags, within: [ResourceId], created: CreationTime}"
        ),
    ),
    _listing(
        "ecs",
        "cluster",
        _CLUSTERS,
        Call(
            "describe_clusters",
            "clusters[?status!='INACTIVE'].{id: clusterArn, tags: tags, also: [join('', ['service/', clusterName])]}",
            lambda cluster: {"clusters": [cluster], "include": ["TAGS"]},
        ),
    ),
    _listing(
        "ecs",
        "service",
        _CLUSTERS,
        Call("list_services", "serviceArns", lambda cluster: {"cluster": cluster}),
        Call(
            "describe_services",
            "services[?status!='INACTIVE'].{id: serviceArn, tags: tags, within: [clusterArn], created: createdAt}",
            lambda cluster, service: {"cluster": cluster, "services": [service], "include": ["TAGS"]},
        ),
    ),
    _listing(
        "ecs",
        "task",
        _CLUSTERS,
        Call("list_tasks", "taskArns[].{id: @, within: ['{0}']}", lambda cluster: {"cluster": cluster}),
    ),
    _listing(
        "ecs",
        "task definition",
        Call("list_task_definitions", "taskDefinitionArns", lambda: {"status": "ACTIVE"}),
    ),
    _listing("elbv2", "load balancer", _DESCRIBED_BALANCERS),
    _listing(
        "elbv2",
        "listener",
        _BALANCERS,
        Call(
            "describe_listeners",
            "Listeners[].{id: ListenerArn, within: [LoadBalancerArn]}",
            lambda balancer: {"LoadBalancerArn": balancer},
        ),
    ),
    _listing(
        "elbv2",
        "target group",
        Call("describe_target_groups", "TargetGroups[].{id: TargetGroupArn, name: TargetGroupName, within: [VpcId]}"),
    ),
    _listing(
        "application-autoscaling",
        "scalable target",
        Call(
            "describe_scalable_targets",
            "ScalableTargets[].{id: ResourceId, within: [ResourceId], created: CreationTime}",
            lambda: {"ServiceNamespace": "ecs"},
        ),
    ),
    _listing(
        "application-autoscaling",
        "scaling policy",
        Call(
            "describe_scaling_policies",
            "ScalingPolicies[].{id: PolicyARN, name: PolicyName, within: [ResourceId], created: CreationTime}",
            lambda: {"ServiceNamespace": "ecs"},
        ),
    ),
    _listing(
        "servicediscovery",
        "namespace",
        Call(
            "list_namespaces",
            "Namespaces[].{id: Id, name: Name, arn: Arn, created: CreateDate, "
            "also: [join('', ['/hostedzone/', Properties.DnsProperties.HostedZoneId || 'none'])]}",
        ),
    ),
    _listing(
        "servicediscovery",
        "service",
        Call("list_services", "Services[].{id: Id, name: Name, arn: Arn, created: CreateDate}"),
    ),
    _listing("route53", "hosted zone", Call("list_hosted_zones", "HostedZones[].{id: Id, name: Name, within: [Id]}")),
    _listing(
        "route53",
        "record",
        Call("list_hosted_zones", "HostedZones[].Id"),
        Call(
            "list_resource_record_sets",
            "ResourceRecordSets[?Type!='NS' && Type!='SOA']"
            ".{id: join(' ', [Name, Type]), name: Name, zone: '{0}', within: ['{0}'], "
            "value: AliasTarget.DNSName, record: @}",
            lambda zone: {"HostedZoneId": zone},
        ),
    ),
    _listing(
        "acm",
        "certificate",
        Call(
            "list_certificates",
            "CertificateSummaryList[].{id: CertificateArn, name: DomainName, created: CreatedAt}",
            lambda: {"Includes": {"keyTypes": ALL_KEY_TYPES}},
        ),
    ),
    _listing(
        "ecr",
        "repository",
        Call("describe_repositories", "repositories[].{id: repositoryName, arn: repositoryArn, created: createdAt}"),
    ),
    _listing(
        "ecr",
        "image",
        _REPOSITORIES,
        Call(
            "describe_images",
            "imageDetails[].{id: join('', [repositoryName, imageTags && join('', [':', imageTags[0]]) "
            "|| join('', ['@', imageDigest])]), within: [repositoryName], name: 'image'}",
            lambda repository: {"repositoryName": repository},
        ),
    ),
    _listing(
        "logs",
        "log group",
        Call("describe_log_groups", "logGroups[].{id: logGroupName, arn: arn, created: creationTime}"),
    ),
    _listing(
        "cloudwatch",
        "alarm",
        Call("describe_alarms", "[MetricAlarms, CompositeAlarms][][].{id: AlarmName, arn: AlarmArn}"),
    ),
    _listing("cloudwatch", "dashboard", Call("list_dashboards", "DashboardEntries[].DashboardName")),
    _listing("events", "rule", Call("list_rules", "Rules[].{id: Name, arn: Arn}")),
    _listing("sns", "topic", Call("list_topics", "Topics[].TopicArn")),
    _listing("sqs", "queue", Call("list_queues", "QueueUrls")),
    _listing(
        "lambda",
        "function",
        Call("list_functions", "Functions[].{id: FunctionName, arn: FunctionArn, within: [VpcConfig.VpcId]}"),
    ),
    _listing(
        "secretsmanager",
        "secret",  # one that waits for its deletion still has its name
        Call(
            "list_secrets",
            "SecretList[].{id: Name, arn: ARN, tags: Tags, created: CreatedDate}",
            lambda: {"IncludePlannedDeletion": True},
        ),
    ),
    _listing(
        "kms",
        "key",
        Call("list_keys", "Keys[].KeyId"),
        Call(
            "describe_key",
            "[KeyMetadata][?KeyManager=='CUSTOMER']"
            ".{id: join(' ', [KeyId, KeyState]), arn: Arn, name: '', also: [KeyId], created: CreationDate}",
            lambda key: {"KeyId": key},
        ),
    ),
    _listing(
        "kms",
        "alias",
        Call("list_aliases", "Aliases[?!starts_with(AliasName, 'alias/aws/')].{id: AliasName, within: [TargetKeyId]}"),
    ),
    _listing("iam", "role", Call("list_roles", "Roles[].{id: RoleName, created: CreateDate}")),
    _listing("iam", "policy", Call("list_policies", "Policies[].Arn", lambda: {"Scope": "Local"})),
    _listing("iam", "instance profile", Call("list_instance_profiles", "InstanceProfiles[].InstanceProfileName")),
    _listing(
        "s3",
        "bucket",
        Call("list_buckets", "Buckets[].{id: Name, arn: join('', ['arn:aws:s3:::', Name]), created: CreationDate}"),
    ),
)
