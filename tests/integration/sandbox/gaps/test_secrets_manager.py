"""A secret rotates with the function it already has, and again after that."""

import io
import json
import zipfile
from typing import Any

import pytest

ARN = "arn:aws:lambda:us-east-1:123456789012:function:rotate"

# The function gives each version its own id as its value.
SOURCE = """
def handler(event, context):
    if event["Step"] in ("setSecret", "testSecret"):
        return
    import boto3
    secrets = boto3.client("secretsmanager")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    if step == "createSecret":
        secrets.put_secret_value(
            SecretId=secret, ClientRequestToken=token, SecretString=token, VersionStages=["AWSPENDING"]
        )
    if step == "finishSecret":
        stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
        current = next(version for version, labels in stages.items() if "AWSCURRENT" in labels)
        secrets.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
        )
"""


def _secret(account: Any) -> Any:
    """The client of an account with the secret `s` and the rotation function."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("rotate.py", SOURCE)
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    account.client("lambda").create_function(
        FunctionName="rotate",
        Runtime="python3.11",
        Role=role,
        Handler="rotate.handler",
        Code={"ZipFile": package.getvalue()},
        Timeout=30,
    )
    secrets = account.client("secretsmanager")
    secrets.create_secret(Name="s", SecretString="first")
    return secrets


def test_a_rotation_that_names_no_function_uses_the_configured_one(emulator: Any) -> None:
    secrets = _secret(emulator)
    secrets.rotate_secret(SecretId="s", RotationLambdaARN=ARN, RotationRules={"AutomaticallyAfterDays": 30})
    first = secrets.get_secret_value(SecretId="s")
    secrets.rotate_secret(SecretId="s")
    second = secrets.get_secret_value(SecretId="s")
    assert first["SecretString"] == first["VersionId"]
    assert second["SecretString"] == second["VersionId"]
    assert first["VersionId"] != second["VersionId"]
    assert secrets.describe_secret(SecretId="s")["RotationLambdaARN"] == ARN


def test_a_stray_pending_version_blocks_the_next_rotation(emulator: Any) -> None:
    secrets = _secret(emulator)
    secrets.put_secret_value(SecretId="s", SecretString="stray", VersionStages=["AWSPENDING"])
    with pytest.raises(secrets.exceptions.InvalidRequestException, match="previous rotation isn't complete"):
        secrets.rotate_secret(SecretId="s", RotationLambdaARN=ARN)


def test_a_secret_that_does_not_exist_cannot_be_rotated(emulator: Any) -> None:
    secrets = emulator.client("secretsmanager")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.rotate_secret(SecretId="none")


def test_plain_moto_still_does_not_see_the_stray_version(plain_moto: Any) -> None:
    secrets = plain_moto.client("secretsmanager")
    secrets.create_secret(Name="s", SecretString="first")
    secrets.put_secret_value(SecretId="s", SecretString="stray", VersionStages=["AWSPENDING"])
    assert secrets.rotate_secret(SecretId="s")["Name"] == "s"
