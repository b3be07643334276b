"""Every kind of resource of our stacks: how it is looked for, or why there is nothing to look for. Data.

Source of the import ids: the Import section of each resource at
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources (checked 2026-11-26, provider 6).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from delivery.recovery.lookup import Call, Lookup, Values

_DELETED = ("deleted", "deleting", "failed")


def _tagged(operation: str, list_name: str, id_name: str, filter_name: str = "Filters") -> Lookup:
    """A thing of EC2, by its tag Name. What is being deleted keeps its tags for a while, and is not found."""

    def ids(answer: Any, values: Values) -> list[str]:
        return [
            thing[id_name]
            for thing in answer.get(list_name, ())
            if _tag_name(thing, "Key", "Value", values) and str(thing.get("State")).lower() not in _DELETED
        ]

    call = Call("ec2", operation, lambda values: {filter_name: _filters({"tag:Name": values["tags"]["Name"]})}, ids)
    return Lookup(("tags",), (call,))


def _filters(wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": [value]} for name, value in wanted.items()]


def _named(
    service: str,
    operation: str,
    attribute: str,
    arguments: Callable[[str], Mapping[str, Any]],
    ids: Callable[[Any, str], Iterable[str]],
) -> Lookup:
    """A thing with a name of its own in the attribute."""
    call = Call(
        service,
        operation,
        lambda values: arguments(values[attribute]),
        lambda answer, values: ids(answer, values[attribute]),
    )
    return Lookup((attribute,), (call,))


def _tag_name(answer: Any, key: str, value: str, values: Values) -> bool:
    return any((tag[key], tag[value]) == ("Name", values["tags"]["Name"]) for tag in answer.get("Tags", ()))


_KMS_KEY = Lookup(
    ("tags",),
    (
        Call("kms", "list_keys", lambda _v: {}, lambda answer, _v: [key["KeyId"] for key in answer["Keys"]]),
        Call(
            "kms",
            "describe_key",
            lambda _v, key: {"KeyId": key},
            lambda answer, _v, key: [
                key
                for data in [answer["KeyMetadata"]]
                if (data["KeyManager"], data["KeyState"]) == ("CUSTOMER", "Enabled")
            ],
        ),
        Call(
            "kms",
            "list_resource_tags",
            lambda _v, key, _same: {"KeyId": key},
            lambda answer, values, key, _same: [key] if _tag_name(answer, "TagKey", "TagValue", values) else [],
        ),
    ),
)
_CERTIFICATE = Lookup(
    ("tags",),
    (
        Call(
            "acm",
            "list_certificates",
            lambda _v: {},
            lambda answer, _v: [each["CertificateArn"] for each in answer["CertificateSummaryList"]],
        ),
        Call(
            "acm",
            "list_tags_for_certificate",
            lambda _v, arn: {"CertificateArn": arn},
            lambda answer, values, arn: [arn] if _tag_name(answer, "Key", "Value", values) else [],
        ),
    ),
)
_NAMESPACE = Lookup(
    ("name", "vpc"),  # the import id holds the VPC, which Cloud Map does not tell
    (
        Call(
            "servicediscovery",
            "list_namespaces",
            lambda _v: {},
            lambda answer, values: [
                f"{each['Id']}:{values['vpc']}" for each in answer["Namespaces"] if each["Name"] == values["name"]
            ],
        ),
    ),
)
_ECS_SERVICE = Lookup(
    ("name",),
    (
        Call("ecs", "list_clusters", lambda _v: {}, lambda answer, _v: answer["clusterArns"]),
        Call(
            "ecs",
            "describe_services",
            lambda values, cluster: {"cluster": cluster, "services": [values["name"]]},
            lambda answer, values, cluster: [
                f"{cluster.rpartition('/')[2]}/{values['name']}"
                for each in answer.get("services", ())
                if each["status"] == "ACTIVE"
            ],
        ),
    ),
)
_ROUTE = Lookup(
    ("route_table_id", "destination_cidr_block"),
    (
        Call(
            "ec2",
            "describe_route_tables",
            lambda values: {"RouteTableIds": [values["route_table_id"]]},
            lambda answer, values: [
                f"{values['route_table_id']}_{values['destination_cidr_block']}"
                for table in answer["RouteTables"]
                for route in table["Routes"]
                if route.get("DestinationCidrBlock") == values["destination_cidr_block"]
            ],
        ),
    ),
)
_ASSOCIATION = Lookup(
    ("route_table_id", "subnet_id"),
    (
        Call(
            "ec2",
            "describe_route_tables",
            lambda values: {"RouteTableIds": [values["route_table_id"]]},
            lambda answer, values: [
                f"{values['subnet_id']}/{values['route_table_id']}"
                for table in answer["RouteTables"]
                for association in table["Associations"]
                if association.get("SubnetId") == values["subnet_id"]
            ],
        ),
    ),
)
_LISTENER = Lookup(
    ("load_balancer_arn", "port"),
    (
        Call(
            "elbv2",
            "describe_listeners",
            lambda values: {"LoadBalancerArn": values["load_balancer_arn"]},
            lambda answer, values: [
                each["ListenerArn"] for each in answer.get("Listeners", ()) if each["Port"] == values["port"]
            ],
        ),
    ),
)
_LISTENER_RULE = Lookup(
    ("listener_arn", "priority"),
    (
        Call(
            "elbv2",
            "describe_rules",
            lambda values: {"ListenerArn": values["listener_arn"]},
            lambda answer, values: [
                each["RuleArn"] for each in answer.get("Rules", ()) if each["Priority"] == str(values["priority"])
            ],
        ),
    ),
)

LOOKUPS: Mapping[str, Lookup] = {
    "aws_vpc": _tagged("describe_vpcs", "Vpcs", "VpcId"),
    "aws_subnet": _tagged("describe_subnets", "Subnets", "SubnetId"),
    "aws_security_group": _named(
        "ec2",
        "describe_security_groups",
        "name",
        lambda name: {"Filters": _filters({"group-name": name})},
        lambda answer, _name: [group["GroupId"] for group in answer["SecurityGroups"]],
    ),
    "aws_vpc_security_group_ingress_rule": _tagged(
        "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"
    ),
    "aws_vpc_security_group_egress_rule": _tagged(
        "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"
    ),
    "aws_internet_gateway": _tagged("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "aws_route_table": _tagged("describe_route_tables", "RouteTables", "RouteTableId"),
    "aws_eip": _tagged("describe_addresses", "Addresses", "AllocationId"),
    "aws_nat_gateway": _tagged("describe_nat_gateways", "NatGateways", "NatGatewayId", "Filter"),
    "aws_vpc_endpoint": _tagged("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    "aws_flow_log": _tagged("describe_flow_logs", "FlowLogs", "FlowLogId", "Filter"),
    "aws_route": _ROUTE,
    "aws_route_table_association": _ASSOCIATION,
    "aws_lb": _named(
        "elbv2",
        "describe_load_balancers",
        "name",
        lambda name: {"Names": [name]},
        lambda answer, _name: [each["LoadBalancerArn"] for each in answer.get("LoadBalancers", ())],
    ),
    "aws_lb_target_group": _named(
        "elbv2",
        "describe_target_groups",
        "name",
        lambda name: {"Names": [name]},
        lambda answer, _name: [each["TargetGroupArn"] for each in answer.get("TargetGroups", ())],
    ),
    "aws_lb_listener": _LISTENER,
    "aws_lb_listener_rule": _LISTENER_RULE,
    "aws_acm_certificate": _CERTIFICATE,
    "aws_kms_key": _KMS_KEY,
    "aws_kms_alias": _named(
        "kms",
        "list_aliases",
        "name",
        lambda _name: {},
        lambda answer, name: [name for each in answer["Aliases"] if each["AliasName"] == name],
    ),
    "aws_cloudwatch_log_group": _named(
        "logs",
        "describe_log_groups",
        "name",
        lambda name: {"logGroupNamePrefix": name},
        lambda answer, name: [name for each in answer["logGroups"] if each["logGroupName"] == name],
    ),
    "aws_iam_role": _named(
        "iam", "get_role", "name", lambda name: {"RoleName": name}, lambda answer, name: [name] if answer else []
    ),
    "aws_secretsmanager_secret": _named(
        "secretsmanager",
        "describe_secret",
        "name",
        lambda name: {"SecretId": name},
        lambda answer, _name: [answer["ARN"]] if answer and not answer.get("DeletedDate") else [],
    ),
    "aws_ecr_repository": _named(
        "ecr",
        "describe_repositories",
        "name",
        lambda name: {"repositoryNames": [name]},
        lambda answer, name: [name for _ in answer.get("repositories", ())],
    ),
    "aws_ecs_cluster": _named(
        "ecs",
        "describe_clusters",
        "name",
        lambda name: {"clusters": [name]},
        lambda answer, name: [name for each in answer["clusters"] if each["status"] == "ACTIVE"],
    ),
    "aws_ecs_task_definition": _named(
        "ecs",
        "list_task_definitions",
        "family",
        lambda family: {"familyPrefix": family, "status": "ACTIVE", "sort": "DESC"},
        lambda answer, _family: answer["taskDefinitionArns"][:1],  # each apply registers another; the newest counts
    ),
    "aws_ecs_service": _ECS_SERVICE,
    "aws_service_discovery_private_dns_namespace": _NAMESPACE,
    "aws_service_discovery_service": _named(
        "servicediscovery",
        "list_services",
        "name",
        lambda _name: {},
        lambda answer, name: [each["Id"] for each in answer["Services"] if each["Name"] == name],
    ),
    "aws_lambda_function": _named(
        "lambda",
        "get_function",
        "function_name",
        lambda name: {"FunctionName": name},
        lambda answer, name: [name] if answer else [],
    ),
    "aws_s3_bucket": _named(
        "s3", "head_bucket", "bucket", lambda name: {"Bucket": name}, lambda answer, name: [name] if answer else []
    ),
}

# Kinds that are put, not created: doing it again overwrites what is there, so there is nothing to adopt.
PUT_AGAIN: Mapping[str, str] = {
    "aws_acm_certificate_validation": "a wait, not a thing",
    "aws_appautoscaling_policy": "PutScalingPolicy overwrites",
    "aws_appautoscaling_target": "RegisterScalableTarget overwrites",
    "aws_cloudwatch_event_rule": "PutRule overwrites",
    "aws_cloudwatch_event_target": "PutTargets overwrites",
    "aws_cloudwatch_metric_alarm": "PutMetricAlarm overwrites",
    "aws_default_security_group": "the provider takes over the group that AWS made",
    "aws_ecr_lifecycle_policy": "PutLifecyclePolicy overwrites",
    "aws_ecs_cluster_capacity_providers": "PutClusterCapacityProviders overwrites",
    "aws_iam_role_policy": "PutRolePolicy overwrites",
    "aws_s3_bucket_lifecycle_configuration": "PutBucketLifecycleConfiguration overwrites",
    "aws_s3_bucket_ownership_controls": "PutBucketOwnershipControls overwrites",
    "aws_s3_bucket_policy": "PutBucketPolicy overwrites",
    "aws_s3_bucket_public_access_block": "PutPublicAccessBlock overwrites",
    "aws_s3_bucket_server_side_encryption_configuration": "PutBucketEncryption overwrites",
    "aws_secretsmanager_secret_rotation": "RotateSecret overwrites",
    "aws_secretsmanager_secret_version": "another version is put; importing one would read its value into the state",
}

# Kinds that AWS refuses to make twice and that are not looked for: what to do when it says so.
BY_HAND: Mapping[str, str] = {
    "aws_lambda_permission": "remove the permission with the statement id that the message names, then deploy again",
    "aws_route53_record": "delete the record that the message names, then deploy again",
}
