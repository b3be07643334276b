"""Where each type of resource holds its name."""

import re

from tests.unit.infra.stack import Stack

# Resource type -> the type parts its names begin with, and the argument that holds the name (tags.Name if none).
NAMED = {
    "aws_acm_certificate": ("certificate", "tags"),
    "aws_appautoscaling_policy": ("scaling-policy", "name"),
    "aws_cloudwatch_event_rule": ("event-rule", "name"),
    "aws_cloudwatch_log_group": ("log-group", "name"),
    "aws_cloudwatch_metric_alarm": ("alarm", "alarm_name"),
    "aws_default_security_group": ("default-security-group", "tags"),
    "aws_ecr_repository": ("ecr-repository", "name"),
    "aws_ecs_cluster": ("ecs-cluster", "name"),
    "aws_ecs_service": ("ecs-service", "name"),
    "aws_ecs_task_definition": ("ecs-task", "family"),
    "aws_eip": ("elastic-ip", "tags"),
    "aws_flow_log": ("flow-log", "tags"),
    "aws_iam_role": ("(execution|task|flow-log|function|infrastructure|hook)-role", "name"),
    "aws_iam_role_policy": ("role-policy", "name"),
    "aws_internet_gateway": ("internet-gateway", "tags"),
    "aws_kms_alias": ("alias/kms-key", "name"),
    "aws_kms_key": ("kms-key", "tags"),
    "aws_lambda_function": ("function", "function_name"),
    "aws_lb": ("alb", "name"),
    "aws_lb_listener": ("https-listener", "tags"),
    "aws_lb_listener_rule": ("listener-rule", "tags"),
    "aws_lb_target_group": ("tg", "name"),
    "aws_nat_gateway": ("nat-gateway", "tags"),
    "aws_route_table": ("(public|private)-route-table", "tags"),
    "aws_s3_bucket": ("s3-bucket", "bucket"),
    "aws_secretsmanager_secret": ("secret", "name"),
    "aws_security_group": ("security-group", "name"),
    "aws_service_discovery_private_dns_namespace": ("namespace", "name"),
    "aws_service_discovery_service": ("discovery", "name"),
    "aws_subnet": ("(public|private)-subnet", "tags"),
    "aws_vpc": ("vpc", "tags"),
    "aws_vpc_endpoint": ("vpc-endpoint", "tags"),
    "aws_vpc_security_group_egress_rule": ("security-group-rule", "tags"),
    "aws_vpc_security_group_ingress_rule": ("security-group-rule", "tags"),
}
# What AWS knows by the resource it belongs to, not by a name of its own.
UNNAMED = {
    "aws_acm_certificate_validation",
    "aws_appautoscaling_target",
    "aws_cloudwatch_event_target",
    "aws_ecr_lifecycle_policy",
    "aws_ecs_cluster_capacity_providers",
    "aws_lambda_permission",
    "aws_route",
    "aws_route53_record",
    "aws_route_table_association",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_secretsmanager_secret_rotation",
    "aws_secretsmanager_secret_version",
}
ACCOUNT_ID = "${data.aws_caller_identity.current.account_id}"
CHOSEN_BY_AWS = re.compile(r"/aws/(ecs/containerinsights/[^/]+/performance|lambda/[^/]+)")


def names(stack: Stack) -> list[tuple[str, str]]:
    """(resource type, name) of everything whose name is ours to choose.

    An account id counts as its 12 digits; of a DNS namespace, only the first label is a name of ours.
    """
    found = []
    for address, values in stack.resources():
        kind = address.split(".")[0]
        if kind not in UNNAMED:
            assert kind in NAMED, f"{kind} is new: say how it is named"
            argument = NAMED[kind][1]
            name = values["tags"].get("Name") if argument == "tags" else values.get(argument)
            assert name, f"{address} has no name"
            if kind == "aws_service_discovery_private_dns_namespace":
                name = name.split(".")[0]
            if not CHOSEN_BY_AWS.fullmatch(name):
                found.append((kind, name.replace(ACCOUNT_ID, "123456789012")))
    return found
