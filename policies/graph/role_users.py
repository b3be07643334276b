"""What uses a role: which AWS service assumes it, on behalf of which resource."""

from collections.abc import Iterator

from policies.graph.graph import Graph
from policies.graph.resource import Resource

# (type, attribute that names a role) -> the service that assumes it, as its documentation states the trust policy.
USERS = {
    ("aws_ecs_task_definition", "execution_role_arn"): "ecs-tasks.amazonaws.com",
    ("aws_ecs_task_definition", "task_role_arn"): "ecs-tasks.amazonaws.com",
    ("aws_ecs_service", "load_balancer.advanced_configuration.role_arn"): "ecs.amazonaws.com",
    ("aws_ecs_service", "deployment_configuration.lifecycle_hook.role_arn"): "ecs.amazonaws.com",
    ("aws_ecs_service", "volume_configuration.managed_ebs_volume.role_arn"): "ecs.amazonaws.com",
    ("aws_flow_log", "iam_role_arn"): "vpc-flow-logs.amazonaws.com",
    ("aws_api_gateway_account", "cloudwatch_role_arn"): "apigateway.amazonaws.com",
    ("aws_backup_selection", "iam_role_arn"): "backup.amazonaws.com",
    ("aws_cloudtrail", "cloud_watch_logs_role_arn"): "cloudtrail.amazonaws.com",
    ("aws_codebuild_project", "service_role"): "codebuild.amazonaws.com",
    ("aws_codepipeline", "role_arn"): "codepipeline.amazonaws.com",
    ("aws_config_configuration_recorder", "role_arn"): "config.amazonaws.com",
    ("aws_db_instance", "monitoring_role_arn"): "monitoring.rds.amazonaws.com",
    ("aws_db_proxy", "role_arn"): "rds.amazonaws.com",
    ("aws_iam_instance_profile", "role"): "ec2.amazonaws.com",
    ("aws_kinesis_firehose_delivery_stream", "extended_s3_configuration.role_arn"): "firehose.amazonaws.com",
    ("aws_lambda_function", "role"): "lambda.amazonaws.com",
    ("aws_cloudwatch_event_target", "role_arn"): "events.amazonaws.com",
    ("aws_cloudwatch_log_subscription_filter", "role_arn"): "logs.amazonaws.com",
    ("aws_appautoscaling_target", "role_arn"): "application-autoscaling.amazonaws.com",
    ("aws_codedeploy_deployment_group", "service_role_arn"): "codedeploy.amazonaws.com",
    ("aws_scheduler_schedule", "target.role_arn"): "scheduler.amazonaws.com",
    ("aws_sfn_state_machine", "role_arn"): "states.amazonaws.com",
    ("aws_s3_bucket_replication_configuration", "role"): "s3.amazonaws.com",
}


def users_of(role: Resource, graph: Graph) -> Iterator[tuple[Resource, str]]:
    """Each resource that uses the role, with the attribute that says so."""
    for kind, attribute in USERS:
        for user in graph.referrers(role, kind, attribute):
            yield user, attribute


def services_of(role: Resource, graph: Graph) -> frozenset[str]:
    """The AWS services that have to assume the role."""
    return frozenset(USERS[user.type, attribute] for user, attribute in users_of(role, graph))
