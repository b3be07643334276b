"""Functions, log groups, alarms and event rules: what works and watches beside the microservices."""

from infra.bootstrap.reach import Reach, actions
from infra.policy import Statement, allow

FUNCTIONS = (
    "AddPermission CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration "
    "GetPolicy ListTags ListVersionsByFunction RemovePermission TagResource UntagResource UpdateFunctionCode "
    "UpdateFunctionConfiguration"
)
LOG_GROUPS = (
    "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeSubscriptionFilters "
    "DisassociateKmsKey ListTagsForResource PutRetentionPolicy TagResource UntagResource"
)
GROUPS = (
    "log-group-*-{suffix}",
    "/aws/lambda/function-*-{suffix}",
    "/aws/ecs/containerinsights/ecs-cluster*-{suffix}/performance",
)
ALARMS = "DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource"
RULES = (
    "DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource "
    "UntagResource"
)


def statements(reach: Reach) -> list[Statement]:
    """All of these have names."""
    groups = reach.named("logs", *(f"log-group:{group}{end}" for group in GROUPS for end in ("", ":*")))
    return [
        allow("Functions", actions("lambda", FUNCTIONS), reach.named("lambda", "function:function-*-{suffix}")),
        allow("LogGroups", actions("logs", LOG_GROUPS), groups),
        allow("Alarms", actions("cloudwatch", ALARMS), reach.named("cloudwatch", "alarm:alarm-*-{suffix}")),
        allow("EventRules", actions("events", RULES), reach.named("events", "rule/event-rule-*-{suffix}")),
    ]
