"""Log groups: one per service, kept for 30 days, encrypted by CloudWatch's own keys; and the VPC's flow logs."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack, only, statements

GROUP = "aws_cloudwatch_log_group/payment-api"


@pytest.mark.clause("P.6.1", proof="synth")
@red_when(
    drop(GROUP),
    change(f"{GROUP}/name", "log-group-shared-production-pr42"),
    change("aws_cloudwatch_log_group/fraud-detection/name", "log-group-payment-api-production-pr42"),
)
def test_each_service_has_a_log_group(stack: Stack) -> None:
    for name in SERVICES:
        stack.named("aws_cloudwatch_log_group", "name", f"log-group-{name}-production-pr42")


@pytest.mark.clause("P.6.2", proof="synth")
@red_when(
    add(f"{GROUP}/kms_key_id", "${aws_kms_key.logs.arn}"),
    add("aws_cloudwatch_log_group/vpc-flows/kms_key_id", "alias/aws/logs"),
)
def test_log_groups_are_encrypted_with_aws_managed_keys(stack: Stack) -> None:
    """CloudWatch Logs encrypts by itself; naming a key would replace that, and no managed key aws/logs exists."""
    for group in stack.all("aws_cloudwatch_log_group").values():
        assert "kms_key_id" not in group


@pytest.mark.clause("P.6.3", proof="synth")
@red_when(
    change(f"{GROUP}/retention_in_days", 90),
    drop("aws_cloudwatch_log_group/vpc-flows/retention_in_days"),
    change("aws_cloudwatch_log_group/container-insights/retention_in_days", 1),
    add("aws_cloudwatch_log_group/another", {"name": "log-group-another-production-pr42"}),
)
def test_every_log_group_keeps_30_days(stack: Stack) -> None:
    assert {group.get("retention_in_days") for group in stack.all("aws_cloudwatch_log_group").values()} == {30}


@red_when(
    drop("aws_cloudwatch_log_group/container-insights"),
    change("aws_cloudwatch_log_group/container-insights/name", "/aws/ecs/containerinsights/other/performance"),
)
def test_the_group_that_container_insights_writes_to_is_ours_to_keep_and_to_delete(stack: Stack) -> None:
    cluster = stack.one("aws_ecs_cluster")["name"]
    stack.named("aws_cloudwatch_log_group", "name", f"/aws/ecs/containerinsights/{cluster}/performance")


@red_when(
    drop("aws_flow_log/vpc"),
    change("aws_flow_log/vpc/traffic_type", "REJECT"),
    change("aws_flow_log/vpc/vpc_id", "another"),
    change("aws_flow_log/vpc/log_destination", "${aws_cloudwatch_log_group.payment-api.arn}"),
    change("aws_flow_log/vpc/iam_role_arn", "${aws_iam_role.payment-api-task-role.arn}"),
    change("aws_iam_role_policy/flow-log/policy/Statement/0/Resource", ["*"]),
    change("aws_iam_role_policy/flow-log/policy/Statement/0/Action", ["logs:PutLogEvents"]),
)
def test_every_flow_of_the_vpc_is_logged(stack: Stack) -> None:
    flows = stack.one("aws_flow_log")
    stack.target(flows["vpc_id"], "aws_vpc", "id")
    assert flows["traffic_type"] == "ALL"
    group = stack.address(flows["log_destination"], "aws_cloudwatch_log_group", "arn")
    assert stack.at(group)["name"] == "log-group-vpc-flows-production-pr42"
    role = stack.address(flows["iam_role_arn"], "aws_iam_role", "arn")
    granted = stack.named("aws_iam_role_policy", "role", f"${{{role}.id}}")
    statement = only(statements(granted["policy"]))
    assert {"logs:CreateLogStream", "logs:PutLogEvents"} <= set(statement["Action"])
    assert all(resource.startswith(f"${{{group}.arn}}") for resource in statement["Resource"])
