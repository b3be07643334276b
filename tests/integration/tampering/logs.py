"""Changes of what is written down: log groups, flow logs, access logs and their bucket, alarms."""

import json
from typing import Any

from tests.integration.tampering.change import GATEWAY, PAYMENTS, Change, Target, Undo, unknown

GROUP, SEALED = "aws_cloudwatch_log_group.payment-api", "aws_cloudwatch_log_group.api-gateway"
BUCKET, POLICY = "aws_s3_bucket.access-logs", "aws_s3_bucket_policy.access-logs"
FLOW_LOG = "aws_flow_log.vpc"
ALARM = "aws_cloudwatch_metric_alarm.payment-api-target-5xx"


def kept_for(days: int) -> Any:
    def make(target: Target) -> Undo:
        logs, values = target.client("logs"), target[GROUP]
        logs.put_retention_policy(logGroupName=values["name"], retentionInDays=days)
        return lambda: logs.put_retention_policy(
            logGroupName=values["name"], retentionInDays=values["retention_in_days"]
        )

    return make


def kept_for_ever(target: Target) -> Undo:
    logs, values = target.client("logs"), target[GROUP]
    logs.delete_retention_policy(logGroupName=values["name"])
    return lambda: logs.put_retention_policy(logGroupName=values["name"], retentionInDays=values["retention_in_days"])


def group_deleted(target: Target) -> Undo:
    logs, values = target.client("logs"), target[GROUP]
    logs.delete_log_group(logGroupName=values["name"])

    def undo() -> None:
        logs.create_log_group(logGroupName=values["name"], tags=values["tags_all"])
        logs.put_retention_policy(logGroupName=values["name"], retentionInDays=values["retention_in_days"])

    return undo


def flow_log_deleted(target: Target) -> Undo:
    """AWS gives a new one another id, so it is Terraform that has to make it again."""
    terraform = target.deployment.terraform
    target.client("ec2").delete_flow_logs(FlowLogIds=[target.id(FLOW_LOG)])

    def undo() -> None:
        terraform.plan(only=(FLOW_LOG,))
        terraform.apply()

    return undo


def group_untagged(target: Target) -> Undo:
    logs, values = target.client("logs"), target[GROUP]
    arn = values["arn"].removesuffix(":*")
    logs.untag_resource(resourceArn=arn, tagKeys=list(values["tags_all"]))
    return lambda: logs.tag_resource(resourceArn=arn, tags=values["tags_all"])


def group_unsealed(target: Target) -> Undo:
    logs, values = target.client("logs"), target[SEALED]
    logs.disassociate_kms_key(logGroupName=values["name"])
    return lambda: logs.associate_kms_key(logGroupName=values["name"], kmsKeyId=values["kms_key_id"])


def logs_sent_elsewhere(target: Target) -> Undo:
    logs, name, kinesis = target.client("logs"), target[GROUP]["name"], target.client("kinesis")
    kinesis.create_stream(StreamName="elsewhere", ShardCount=1)
    arn = kinesis.describe_stream(StreamName="elsewhere")["StreamDescription"]["StreamARN"]
    role = target["aws_iam_role.flow-log"]["arn"]
    logs.put_subscription_filter(
        logGroupName=name, filterName="more", filterPattern="", destinationArn=arn, roleArn=role
    )

    def undo() -> None:
        logs.delete_subscription_filter(logGroupName=name, filterName="more")
        kinesis.delete_stream(StreamName="elsewhere")

    return undo


def block_lifted(target: Target) -> Undo:
    s3, bucket = target.client("s3"), target[BUCKET]["bucket"]

    def put(value: bool) -> None:
        switches = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(switches, value))

    put(False)
    return lambda: put(True)


def policy_changed(change: Any) -> Any:
    def make(target: Target) -> Undo:
        s3, values = target.client("s3"), target[POLICY]
        decoded = json.loads(values["policy"])
        changed = {**decoded, "Statement": change(decoded["Statement"], target[BUCKET]["arn"])}
        s3.put_bucket_policy(Bucket=values["bucket"], Policy=json.dumps(changed))
        return lambda: s3.put_bucket_policy(Bucket=values["bucket"], Policy=values["policy"])

    return make


def without_tls(statements: list[Any], _arn: str) -> list[Any]:
    return [each for each in statements if each["Effect"] == "Allow"]


def for_everybody(statements: list[Any], arn: str) -> list[Any]:
    return [*statements, {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/*"}]


def bucket_served(target: Target) -> Undo:
    s3, bucket = target.client("s3"), target[BUCKET]["bucket"]
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    return lambda: s3.delete_bucket_website(Bucket=bucket)


def alarm_deleted(target: Target) -> Undo:
    cloudwatch, values = target.client("cloudwatch"), target[ALARM]
    name = values["alarm_name"]
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    tags = [{"Key": key, "Value": value} for key, value in values["tags_all"].items()]
    cloudwatch.delete_alarms(AlarmNames=[name])
    settings = {key: value for key, value in found.items() if key in PUT}
    return lambda: cloudwatch.put_metric_alarm(**settings, Tags=tags)


PUT = (
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
)
CHANGES = (
    Change(PAYMENTS, "logs kept for 7 days", kept_for(7), "log-retention", GROUP),
    Change(PAYMENTS, "logs kept for ever", kept_for_ever, "log-retention", GROUP),
    Change(
        PAYMENTS,
        "a log group deleted",
        group_deleted,
        "one-log-group-each",
        GROUP,
        also=("container-logs",),
        unread=(
            "execution-role-reach",
            "execution-role-writes-logs",
        ),
    ),
    Change(PAYMENTS, "the flow log deleted", flow_log_deleted, "vpc-flow-logs", "aws_vpc.main", also=("role-trust",)),
    Change(PAYMENTS, "the tags taken from a log group", group_untagged, "required-tags", GROUP, also=("suffix-tag",)),
    Change(
        PAYMENTS,
        "logs sent elsewhere by a subscription filter",
        logs_sent_elsewhere,
        "known-kinds",
        unknown("aws_cloudwatch_log_subscription_filter"),
        also=(
            "name-pattern",
            "name-suffix",
            "role-trust",
        ),
    ),
    Change(PAYMENTS, "the block of public access lifted from the log bucket", block_lifted, "bucket-private", BUCKET),
    Change(PAYMENTS, "the log bucket reached without TLS", policy_changed(without_tls), "bucket-tls-only", BUCKET),
    Change(
        PAYMENTS,
        "the log bucket read by everybody",
        policy_changed(for_everybody),
        "wildcard-principals",
        POLICY,
        also=("access-log-bucket",),
    ),
    Change(
        PAYMENTS,
        "the log bucket served as a website",
        bucket_served,
        "known-kinds",
        unknown("aws_s3_bucket_website_configuration"),
    ),
    Change(
        PAYMENTS, "an alarm of the rollout deleted", alarm_deleted, "deployment-alarms", "aws_ecs_service.payment-api"
    ),
    Change(GATEWAY, "the key taken from a log group", group_unsealed, "log-encryption", SEALED),
)
