"""Rotation and redeployment: functions of their own per secret, with nothing more than they need."""

import json

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.gateway.names import SECRETS
from tests.unit.infra.rules import EGRESS, INGRESS
from tests.unit.infra.stack import ZONES, Stack, needs, only, statements

DATABASE = "payment-processor-database"
FUNCTION = f"aws_lambda_function/{DATABASE}-rotation"
POLICY = f"aws_iam_role_policy/{DATABASE}-rotation/policy/Statement"
PERMISSION = f"aws_lambda_permission/{DATABASE}-rotation"
PATTERN = "aws_cloudwatch_event_rule/redeployment/event_pattern"
FOUR_STEPS = {
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
}


@pytest.mark.clause("G.7.3", proof="synth")
@red_when(
    drop("aws_secretsmanager_secret_rotation/fraud-detector-database"),
    change(f"aws_secretsmanager_secret_rotation/{DATABASE}/rotation_rules/automatically_after_days", 90),
    change(f"aws_secretsmanager_secret_rotation/{DATABASE}/rotate_immediately", False),
    change(
        f"aws_secretsmanager_secret_rotation/{DATABASE}/rotation_lambda_arn",
        "${aws_lambda_function.fraud-detector-database-rotation.arn}",
    ),
    change(f"{PERMISSION}/principal", "*"),
    change(f"{PERMISSION}/source_arn", "${aws_secretsmanager_secret.fraud-detector-database.arn}"),
)
def test_each_secret_is_rotated_at_once_and_on_schedule_by_a_function_that_it_alone_may_call(stack: Stack) -> None:
    assert set(stack.all("aws_secretsmanager_secret_rotation")) == set(SECRETS)
    for name, rotation in stack.all("aws_secretsmanager_secret_rotation").items():
        secret = f"aws_secretsmanager_secret.{name}"
        assert stack.address(rotation["secret_id"], "aws_secretsmanager_secret", "id") == secret
        function = stack.address(rotation["rotation_lambda_arn"], "aws_lambda_function", "arn")
        assert function == f"aws_lambda_function.{name}-rotation"
        assert rotation["rotation_rules"]["automatically_after_days"] == 30
        assert rotation["rotate_immediately"] is True
        permission = stack.all("aws_lambda_permission")[f"{name}-rotation"]
        assert permission["principal"] == "secretsmanager.amazonaws.com"
        assert stack.address(permission["source_arn"], "aws_secretsmanager_secret", "arn") == secret
        variables = stack.at(function)["environment"]["variables"]
        assert stack.address(variables["SECRET_ARN"], "aws_secretsmanager_secret", "arn") == secret
        assert {secret, f"aws_secretsmanager_secret_version.{name}"} <= needs(
            stack, f"aws_secretsmanager_secret_rotation.{name}"
        )


@pytest.mark.clause("G.7.3", "G.3.3", proof="synth")
@red_when(
    add(f"{POLICY}/5/Resource/+", "${aws_secretsmanager_secret.fraud-detector-database.arn}"),
    add(f"{POLICY}/5/Action/+", "secretsmanager:DeleteSecret"),
    change(f"{POLICY}/6/Resource", ["*"]),
    drop(f"{POLICY}/4"),
)
def test_a_rotation_function_reaches_its_own_secret_and_the_one_of_the_admin(stack: Stack) -> None:
    for name in SECRETS:
        variables = stack.all("aws_lambda_function")[f"{name}-rotation"]["environment"]["variables"]
        entries = statements(stack.all("aws_iam_role_policy")[f"{name}-rotation"]["policy"])
        reach = {
            resource: set(entry["Action"])
            for entry in entries
            if entry["Effect"] == "Allow" and any(action.startswith("secretsmanager:") for action in entry["Action"])
            for resource in entry["Resource"]
        }
        assert reach == {
            f"${{aws_secretsmanager_secret.{name}.arn}}": FOUR_STEPS,
            variables["ADMIN_SECRET_ARN"]: {"secretsmanager:GetSecretValue"},
        }
        denied = only(entry for entry in entries if entry["Effect"] == "Deny")
        assert all(action.startswith("ec2:") for action in denied["Action"])
        assert "lambda:SourceFunctionArn" in denied["Condition"]["ArnEquals"]


@pytest.mark.clause("G.7.3", "G.8.3", proof="synth")
@red_when(
    change(f"{FUNCTION}/vpc_config/subnet_ids/0", "${aws_subnet.public-us-east-1a.id}"),
    drop(f"{FUNCTION}/vpc_config"),
    change(f"{FUNCTION}/vpc_config/security_group_ids/0", "${aws_security_group.payment-processor.id}"),
    change(f"{EGRESS}/{DATABASE}-rotation-to-database/cidr_ipv4", "0.0.0.0/0"),
    add(f"{INGRESS}/added", {"security_group_id": f"${{aws_security_group.{DATABASE}-rotation.id}}"}),
)
def test_functions_stand_in_private_subnets_are_reached_by_nobody_and_let_out_to_what_they_need(stack: Stack) -> None:
    for name, function in stack.all("aws_lambda_function").items():
        placed = function.get("vpc_config", {})
        assert placed.get("subnet_ids") == [f"${{aws_subnet.private-{zone}.id}}" for zone in ZONES]
        group = f"${{aws_security_group.{name}.id}}"
        assert placed["security_group_ids"] == [group]
        assert not [rule for rule in stack.all(INGRESS).values() if rule["security_group_id"] == group]
        out = {
            (rule["from_port"], rule["to_port"], rule.get("cidr_ipv4"))
            for rule in stack.all(EGRESS).values()
            if rule["security_group_id"] == group
        }
        database = {(5432, 5432, "10.30.240.0/20")} if "-database-" in name else set()
        assert out == {(443, 443, "0.0.0.0/0")} | database


@pytest.mark.clause("G.3.4", proof="synth")
@red_when(
    change("aws_cloudwatch_log_group/redeployment/retention_in_days", 7),
    drop(f"aws_cloudwatch_log_group/{DATABASE}-rotation/kms_key_id"),
    change(f"aws_cloudwatch_log_group/{DATABASE}-rotation/name", "/aws/lambda/other"),
    change(f"{FUNCTION}/source_code_hash", ""),
)
def test_every_function_logs_where_lambda_writes_and_is_packed_by_its_hash(stack: Stack) -> None:
    assert set(stack.all("aws_lambda_function")) == {*(f"{name}-rotation" for name in SECRETS), "redeployment"}
    for name, function in stack.all("aws_lambda_function").items():
        group = stack.all("aws_cloudwatch_log_group")[name]
        assert group["name"] == f"/aws/lambda/{function['function_name']}"
        assert group["retention_in_days"] == 30
        stack.target(group.get("kms_key_id"), "aws_kms_key", "arn")
        assert function["source_code_hash"]


@pytest.mark.clause("G.7.3", proof="synth")
@red_when(
    change(f"{PATTERN}/detail/labelUpdated", ["AWSPENDING"]),
    change(f"{PATTERN}/resources", ["${aws_secretsmanager_secret.fraud-detector-database.arn}"]),
    change("aws_cloudwatch_event_target/redeployment/arn", f"${{aws_lambda_function.{DATABASE}-rotation.arn}}"),
    change("aws_lambda_permission/redeployment/principal", "secretsmanager.amazonaws.com"),
    change("aws_iam_role_policy/redeployment/policy/Statement/5/Resource", ["*"]),
    change("aws_lambda_function/redeployment/environment/variables/SERVICES", "{}"),
)
def test_services_are_deployed_anew_when_one_of_their_secrets_has_changed(stack: Stack) -> None:
    pattern = json.loads(stack.one("aws_cloudwatch_event_rule")["event_pattern"])
    assert pattern["source"] == ["aws.secretsmanager"]
    assert pattern["detail-type"] == ["Secret Label Updated"]
    assert pattern["detail"] == {"labelUpdated": ["AWSCURRENT"]}
    arns = {f"${{aws_secretsmanager_secret.{name}.arn}}": owner for name, owner in SECRETS.items()}
    assert set(pattern["resources"]) == set(arns)
    target = stack.one("aws_cloudwatch_event_target")
    assert stack.address(target["arn"], "aws_lambda_function", "arn") == "aws_lambda_function.redeployment"
    assert stack.all("aws_lambda_permission")["redeployment"]["principal"] == "events.amazonaws.com"
    variables = stack.all("aws_lambda_function")["redeployment"]["environment"]["variables"]
    assert variables["CLUSTER"] == stack.one("aws_ecs_cluster")["name"]
    expected = {arn: [stack.service(owner)["name"]] for arn, owner in arns.items()}
    assert json.loads(variables["SERVICES"]) == expected
    deploys = only(
        entry
        for entry in statements(stack.all("aws_iam_role_policy")["redeployment"]["policy"])
        if "ecs:UpdateService" in entry["Action"]
    )
    names = {name for names in expected.values() for name in names}
    assert {resource.rpartition("/")[2] for resource in deploys["Resource"]} == names
