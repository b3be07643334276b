"""Where the logs of a stack go besides their groups.

Answers: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.kind import Kind, by
from delivery.verify.known import Known

GROUP = "aws_cloudwatch_log_group"


def subscription_filter(answer: Answer) -> dict[str, Any]:
    group, name = answer["logGroupName"], answer["filterName"]
    return {
        "id": f"{group} {name}",
        "name": name,
        "log_group_name": group,
        "destination_arn": answer.get("destinationArn"),
        "filter_pattern": answer.get("filterPattern", ""),
        "role_arn": answer.get("roleArn", ""),
        "distribution": answer.get("distribution"),
    }


def metric_filter(answer: Answer) -> dict[str, Any]:
    group, name = answer["logGroupName"], answer["filterName"]
    return {
        "id": f"{group} {name}",
        "name": name,
        "log_group_name": group,
        "pattern": answer.get("filterPattern", ""),
        "metric_transformation": [
            {"name": each["metricName"], "namespace": each["metricNamespace"], "value": each["metricValue"]}
            for each in answer.get("metricTransformations", [])
        ],
    }


def _of_groups(operation: str, key: str, known: Known, ask: Ask) -> Iterator[Answer]:
    for group in known.values("name", GROUP):
        yield from ({**each, "logGroupName": group} for each in ask.all("logs", operation, key, logGroupName=group))


SAME = by("log_group_name", "name")
KINDS = (
    Kind(
        "aws_cloudwatch_log_subscription_filter",
        partial(_of_groups, "describe_subscription_filters", "subscriptionFilters"),
        subscription_filter,
        SAME,
    ),
    Kind(
        "aws_cloudwatch_log_metric_filter",
        partial(_of_groups, "describe_metric_filters", "metricFilters"),
        metric_filter,
        SAME,
    ),
)
