"""Names: type, component, environment, suffix; within what AWS allows."""

import re

import pytest

from tests.unit.infra.damage import add, change, red_when
from tests.unit.infra.names import ACCOUNT_ID, NAMED, names
from tests.unit.infra.stack import Stack


@pytest.mark.clause("P.11.4", proof="synth")
@red_when(
    change("aws_ecs_cluster/main/name", "ecs-cluster-production"),
    change("aws_vpc/main/tags/Name", "vpc-production"),
    change("aws_vpc/main/tags", {}),
    change("aws_cloudwatch_log_group/container-insights/name", "/aws/ecs/containerinsights/production/performance"),
    change("aws_route53_record/entrance/name", "payments.example.com"),
    change("aws_s3_bucket/access-logs/bucket", f"s3-bucket-access-logs-{ACCOUNT_ID}-production"),
    add("aws_sqs_queue/jobs", {"name": "sqs-queue-jobs-production"}),
)
def test_every_name_includes_the_environment_suffix(stack: Stack) -> None:
    assert len(names(stack)) > 90
    assert [entry for entry in names(stack) if "pr42" not in entry[1]] == []
    assert all("pr42" in group["name"] for group in stack.all("aws_cloudwatch_log_group").values())
    assert stack.all("aws_route53_record")["entrance"]["name"].startswith("pr42.")


@pytest.mark.clause("P.11.5", proof="synth")
@red_when(
    change("aws_ecs_cluster/main/name", "cluster-production-pr42"),
    change("aws_ecs_service/payment-api/name", "ecs-service-production-payment-api-pr42"),
    change("aws_lb_target_group/payment-api/name", "tg-payment-api-pr42"),
    change("aws_iam_role/flow-log/name", "role-flow-log-production-pr42"),
    change("aws_cloudwatch_log_group/payment-api/name", "/ecs/payment-api-production-pr42"),
)
def test_names_follow_resource_type_component_environment_suffix(stack: Stack) -> None:
    for kind, name in names(stack):
        assert re.fullmatch(rf"{NAMED[kind][0]}(-[a-z0-9-]+)?-production-pr42", name), (kind, name)


@red_when(
    change("aws_lb/public/name", "alb-of-the-payments-platform-production-pr42"),
    change("aws_lb_target_group/payment-api/name", "tg-payment-api-with-a-long-name-production-pr42"),
    change("aws_security_group/payment-api/name", "sg-payment-api-production-pr42"),
    change("aws_iam_role/flow-log/name", f"flow-log-role-{'x' * 40}-production-pr42"),
    change("aws_s3_bucket/access-logs/bucket", f"s3-bucket-access-logs-{'x' * 20}-{ACCOUNT_ID}-production-pr42"),
    change("aws_service_discovery_service/fraud-detection/name", f"discovery-{'x' * 40}-production-pr42"),
)
def test_names_keep_to_the_limits_of_aws(stack: Stack) -> None:
    """Each limit stands in the API reference of the service (2026-11-22)."""
    limits = {
        "aws_lb": 32,
        "aws_lb_target_group": 32,
        "aws_iam_role": 64,
        "aws_s3_bucket": 63,
        "aws_service_discovery_service": 63,
        "aws_service_discovery_private_dns_namespace": 63,
        "aws_iam_role_policy": 128,
    }
    for kind, name in names(stack):
        assert len(name) <= limits.get(kind, 255), (kind, name)
        assert not name.startswith("sg-")


@red_when(
    change("aws_security_group/payment-api/name", "security-group-fraud-detection-production-pr42"),
    change("aws_eip/us-east-1a/tags/Name", "elastic-ip-us-east-1b-production-pr42"),
    change("aws_vpc_security_group_egress_rule/alb-to-payment-api/tags/Name", "security-group-rule-production-pr42"),
)
def test_no_two_resources_of_a_kind_share_a_name_and_rules_name_their_direction(stack: Stack) -> None:
    assert len(set(names(stack))) == len(names(stack))
    for kind, name in names(stack):
        if kind.startswith("aws_vpc_security_group_"):
            assert name.endswith(f"-{kind.split('_')[4]}-production-pr42"), (kind, name)
