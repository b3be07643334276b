"""Every kind of resource of our stacks: how it is looked for, or why there is nothing to look for. Data.

Source of the import ids: the Import section of each resource at
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources (checked 2026-11-26, provider 6).
"""

from collections.abc import Mapping

from delivery.recovery.lookup import Lookup
from delivery.recovery.lookups import (
    ASSOCIATION,
    CERTIFICATE,
    ECS_SERVICE,
    KMS_KEY,
    LISTENER,
    LISTENER_RULE,
    NAMESPACE,
    PERMISSION,
    RECORD,
    ROUTE,
    filters,
    named,
    tagged,
)

LOOKUPS: Mapping[str, Lookup] = {
    "aws_vpc": tagged("describe_vpcs", "Vpcs", "VpcId"),
    "aws_subnet": tagged("describe_subnets", "Subnets", "SubnetId"),
    "aws_security_group": named(
        "ec2",
        "describe_security_groups",
        "name",
        lambda name: {"Filters": filters({"group-name": name})},
        lambda answer, _name: [group["GroupId"] for group in answer["SecurityGroups"]],
    ),
    "aws_vpc_security_group_ingress_rule": tagged(
        "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"
    ),
    "aws_vpc_security_group_egress_rule": tagged(
        "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"
    ),
    "aws_internet_gateway": tagged("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "aws_route_table": tagged("describe_route_tables", "RouteTables", "RouteTableId"),
    "aws_eip": tagged("describe_addresses", "Addresses", "AllocationId"),
    "aws_nat_gateway": tagged("describe_nat_gateways", "NatGateways", "NatGatewayId", "Filter"),
    "aws_vpc_endpoint": tagged("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    "aws_flow_log": tagged("describe_flow_logs", "FlowLogs", "FlowLogId", "Filter"),
    "aws_route": ROUTE,
    "aws_route_table_association": ASSOCIATION,
    "aws_lb": named(
        "elbv2",
        "describe_load_balancers",
        "name",
        lambda name: {"Names": [name]},
        lambda answer, _name: [each["LoadBalancerArn"] for each in answer.get("LoadBalancers", ())],
    ),
    "aws_lb_target_group": named(
        "elbv2",
        "describe_target_groups",
        "name",
        lambda name: {"Names": [name]},
        lambda answer, _name: [each["TargetGroupArn"] for each in answer.get("TargetGroups", ())],
    ),
    "aws_lb_listener": LISTENER,
    "aws_lb_listener_rule": LISTENER_RULE,
    "aws_acm_certificate": CERTIFICATE,
    "aws_kms_key": KMS_KEY,
    "aws_kms_alias": named(
        "kms",
        "list_aliases",
        "name",
        lambda _name: {},
        lambda answer, name: [name for each in answer["Aliases"] if each["AliasName"] == name],
    ),
    "aws_cloudwatch_log_group": named(
        "logs",
        "describe_log_groups",
        "name",
        lambda name: {"logGroupNamePrefix": name},
        lambda answer, name: [name for each in answer["logGroups"] if each["logGroupName"] == name],
    ),
    "aws_iam_role": named(
        "iam", "get_role", "name", lambda name: {"RoleName": name}, lambda answer, name: [name] if answer else []
    ),
    "aws_secretsmanager_secret": named(
        "secretsmanager",
        "describe_secret",
        "name",
        lambda name: {"SecretId": name},
        lambda answer, _name: [answer["ARN"]] if answer and not answer.get("DeletedDate") else [],
    ),
    "aws_ecr_repository": named(
        "ecr",
        "describe_repositories",
        "name",
        lambda name: {"repositoryNames": [name]},
        lambda answer, name: [name for _ in answer.get("repositories", ())],
    ),
    "aws_ecs_cluster": named(
        "ecs",
        "describe_clusters",
        "name",
        lambda name: {"clusters": [name]},
        lambda answer, name: [name for each in answer["clusters"] if each["status"] == "ACTIVE"],
    ),
    "aws_ecs_task_definition": named(
        "ecs",
        "list_task_definitions",
        "family",
        lambda family: {"familyPrefix": family, "status": "ACTIVE", "sort": "DESC"},
        lambda answer, _family: answer["taskDefinitionArns"][:1],  # each apply registers another; the newest counts
    ),
    "aws_ecs_service": ECS_SERVICE,
    "aws_service_discovery_private_dns_namespace": NAMESPACE,
    "aws_service_discovery_service": named(
        "servicediscovery",
        "list_services",
        "name",
        lambda _name: {},
        lambda answer, name: [each["Id"] for each in answer["Services"] if each["Name"] == name],
    ),
    "aws_lambda_function": named(
        "lambda",
        "get_function",
        "function_name",
        lambda name: {"FunctionName": name},
        lambda answer, name: [name] if answer else [],
    ),
    "aws_lambda_permission": PERMISSION,
    "aws_route53_record": RECORD,
    "aws_s3_bucket": named(
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
