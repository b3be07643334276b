"""Secrets: one per need, random and written once without a trace, given by reference to the service that needs it."""

import json
import re

import pytest

from tests.unit.infra.damage import add, change, drop, red_when, without
from tests.unit.infra.gateway.names import SECRETS, SERVICES
from tests.unit.infra.stack import Stack, only, statements

DATABASE = "payment-processor-database"
VERSION = f"aws_secretsmanager_secret_version/{DATABASE}"
EXECUTION = "aws_iam_role_policy/api-gateway-execution-role/policy/Statement"
READER = "aws_iam_role_policy/payment-processor-execution-role/policy/Statement"
CONTAINER = "aws_ecs_task_definition/payment-processor/container_definitions/0"
RANDOM = "aws_secretsmanager_random_password"


@pytest.mark.clause("G.7.1", "G.7.2", proof="synth")
@red_when(
    drop("aws_secretsmanager_secret/fraud-detector-database"),
    change(f"aws_secretsmanager_secret/{DATABASE}/recovery_window_in_days", 7),
    drop(f"aws_secretsmanager_secret/{DATABASE}/kms_key_id"),
    change("aws_kms_key/secrets/enable_key_rotation", False),
    change(
        "aws_kms_key/secrets/policy/Statement/1/Condition/StringEquals/kms:ViaService", "ecr.us-east-1.amazonaws.com"
    ),
)
def test_each_need_has_a_secret_under_the_rotating_key_that_goes_with_the_deployment(stack: Stack) -> None:
    assert set(stack.all("aws_secretsmanager_secret")) == set(SECRETS)
    for name, secret in stack.all("aws_secretsmanager_secret").items():
        assert secret["name"] == f"secret-{name}-pr42"
        assert secret.get("recovery_window_in_days") == 0
        key = stack.target(secret.get("kms_key_id"), "aws_kms_key", "arn")
        assert key["enable_key_rotation"] is True
        use = only(entry for entry in statements(key["policy"]) if "kms:Decrypt" in entry["Action"])
        assert use["Condition"]["StringEquals"]["kms:ViaService"] == "secretsmanager.us-east-1.amazonaws.com"


@pytest.mark.clause("G.7.3", proof="synth")
@red_when(
    add(f"{VERSION}/secret_string", "x"),
    change(f"{VERSION}/secret_string_wo/password", "hunter2"),
    change(f"{VERSION}/secret_string_wo/connection_string", "postgresql://a:b@c/d"),
    drop("aws_secretsmanager_secret_version/fraud-detector-database"),
    change(f"{VERSION}/version_stages", ["AWSCURRENT"]),
    drop(f"{VERSION}/lifecycle/ignore_changes"),
)
def test_the_first_value_is_random_ephemeral_and_write_only_and_its_version_stays_findable(stack: Stack) -> None:
    """Without a label of its own the version would be deprecated by the second rotation, and made anew by Terraform."""
    assert set(stack.all("aws_secretsmanager_secret_version")) == set(SECRETS)
    for name, version in stack.all("aws_secretsmanager_secret_version").items():
        assert not {"secret_string", "secret_binary"} & set(version)
        value = json.loads(version["secret_string_wo"])
        random = f"${{ephemeral.{RANDOM}.{name}.random_password}}"
        assert random in (value.get("password"), value.get("api_key"))
        if "password" in value:
            assert f":{random}@" in value["connection_string"]
            assert value["connection_string"].endswith("?sslmode=verify-full")
        assert version["version_stages"] == ["AWSCURRENT", "PAYGATE_FIRST"]
        assert version["lifecycle"].get("ignore_changes") == ["version_stages"]
        assert version["secret_string_wo_version"] == 1


@pytest.mark.clause("G.7.3", proof="synth")
@red_when(
    change(f"ephemeral/{RANDOM}/{DATABASE}/password_length", 8),
    drop(f"ephemeral/{RANDOM}/{DATABASE}/exclude_punctuation"),
)
def test_random_values_are_long_and_fit_into_a_connection_string(stack: Stack) -> None:
    passwords = stack.document["ephemeral"][RANDOM]
    assert set(passwords) == set(SECRETS)
    for password in passwords.values():
        assert password == {"exclude_punctuation": True, "password_length": 48}


@pytest.mark.clause("G.7.1", "G.7.2", proof="synth")
@red_when(
    drop(f"{CONTAINER}/secrets"),
    change(f"{CONTAINER}/secrets/0/valueFrom", "${aws_secretsmanager_secret.fraud-detector-database.arn}:api_key::"),
    add("aws_ecs_task_definition/api-gateway/container_definitions/0/secrets", [{"name": "X", "valueFrom": "y"}]),
    add(f"{CONTAINER}/environment/+", {"name": "DATABASE_URL", "value": "postgresql://"}),
)
def test_containers_are_given_their_own_secrets_by_arn_and_key(stack: Stack) -> None:
    given = {
        service: {
            entry["name"]: re.fullmatch(r"(\$\{[^}]*\}):(\w+)::", entry["valueFrom"])
            for entry in stack.container(service).get("secrets", [])
        }
        for service in SERVICES
    }
    assert {service: sorted(found) for service, found in given.items()} == {
        "api-gateway": [],
        "payment-processor": ["CARD_NETWORK_API_KEY", "DATABASE_URL"],
        "fraud-detector": ["DATABASE_URL"],
    }
    for service, found in given.items():
        plain = {entry["name"] for entry in stack.container(service)["environment"]}
        assert not plain & set(found)
        for match in found.values():
            assert match
            address = stack.address(match[1], "aws_secretsmanager_secret", "arn")
            assert SECRETS[address.partition(".")[2]] == service


@pytest.mark.clause("G.7.1", "G.7.2", "G.3.3", proof="synth")
@red_when(
    add(f"{EXECUTION}/+", {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": ["*"]}),
    add(f"{READER}/3/Resource/+", "${aws_secretsmanager_secret.fraud-detector-database.arn}"),
    without(f"{READER}/3/Resource", "${aws_secretsmanager_secret.payment-processor-database.arn}"),
    change(f"{READER}/4/Resource", ["*"]),
)
def test_only_the_execution_role_of_a_service_reads_its_secrets(stack: Stack) -> None:
    for service in SERVICES:
        entries = statements(stack.all("aws_iam_role_policy")[f"{service}-execution-role"]["policy"])
        read = {
            resource
            for entry in entries
            if "secretsmanager:GetSecretValue" in entry["Action"]
            for resource in entry["Resource"]
        }
        own = {f"${{aws_secretsmanager_secret.{name}.arn}}" for name, owner in SECRETS.items() if owner == service}
        assert read == own
        keys = [entry["Resource"] for entry in entries if "kms:Decrypt" in entry["Action"]]
        assert keys == ([["${aws_kms_key.secrets.arn}"]] if own else [])
