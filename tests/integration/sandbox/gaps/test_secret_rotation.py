"""RotateSecret runs the steps of the function that the secret has, and a failure leaves everything as it was."""

import json
from typing import Any

import pytest

from tests.integration.sandbox.functions import make_function, packed, permit

RULES = {"AutomaticallyAfterDays": 30}

# Gives each version its own id as its value; writes down each event and the value it tests; fails in the step of its
# variable FAIL and does nothing in that of IDLE.
SOURCE = """
import json, os
import boto3
secrets = boto3.client("secretsmanager")

def handler(event, context):
    print(json.dumps(event))
    if event["Step"] == os.environ.get("FAIL"):
        raise ValueError("as told")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    if step == os.environ.get("IDLE"):
        return
    if step == "createSecret":
        secrets.put_secret_value(
            SecretId=secret, ClientRequestToken=token, SecretString=token, VersionStages=["AWSPENDING"]
        )
    if step == "testSecret":
        print("tested", secrets.get_secret_value(SecretId=secret, VersionId=token)["SecretString"])
    if step == "finishSecret":
        stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
        current = next(version for version, labels in stages.items() if "AWSCURRENT" in labels)
        secrets.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
        )
"""
STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"]


class Rotating:
    """An account with the secret `s`, whose value is `first`, and a function that may rotate it."""

    def __init__(self, account: Any, *, permitted: bool = True) -> None:
        self.account = account
        self.secrets = account.client("secretsmanager")
        self.arn = self.secrets.create_secret(Name="s", SecretString="first")["ARN"]
        self.function = make_function(account, "f", packed(rotate=SOURCE), "rotate.handler")
        if permitted:
            permit(account, "f", "secretsmanager", self.arn)

    def rotate(self, **more: Any) -> str:
        """The version that AWS promises."""
        version: str = self.secrets.rotate_secret(SecretId="s", **more)["VersionId"]
        return version

    def set_up(self, **more: Any) -> str:
        return self.rotate(RotationLambdaARN=self.function, RotationRules=RULES, **more)

    def fail_in(self, step: str, variable: str = "FAIL") -> None:
        self.account.client("lambda").update_function_configuration(
            FunctionName="f", Environment={"Variables": {variable: step}}
        )

    def value(self) -> str:
        text: str = self.secrets.get_secret_value(SecretId="s")["SecretString"]
        return text

    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = self.secrets.describe_secret(SecretId="s")
        return found

    def printed(self) -> list[str]:
        logs = self.account.client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
        return [line for event in logs for line in event["message"].splitlines()]

    def calls(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.printed() if line.startswith("{")]


@pytest.mark.clause("G.7.3", proof="test")
def test_the_four_steps_run_in_order_with_the_token_and_the_arn(emulator: Any) -> None:
    rotating = Rotating(emulator)
    version = rotating.set_up()
    assert [call["Step"] for call in rotating.calls()] == STEPS
    assert {(call["SecretId"], call["ClientRequestToken"]) for call in rotating.calls()} == {(rotating.arn, version)}
    assert rotating.value() == version


def test_a_rotation_that_names_no_function_uses_the_configured_one(emulator: Any) -> None:
    rotating = Rotating(emulator)
    first = rotating.set_up()
    second = rotating.rotate()
    assert rotating.value() == second != first
    described = rotating.described()
    assert described["RotationLambdaARN"] == rotating.function
    assert (described["RotationEnabled"], described["RotationRules"]) == (True, RULES)
    assert (described["NextRotationDate"] - described["LastRotatedDate"]).days == 30


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_ends_the_rotation_and_the_value_stays(emulator: Any, step: str) -> None:
    rotating = Rotating(emulator)
    rotating.fail_in(step)
    version = rotating.set_up()  # AWS answers before it knows
    assert [call["Step"] for call in rotating.calls()] == STEPS[: STEPS.index(step) + 1]
    assert rotating.value() == "first"
    assert "LastRotatedDate" not in rotating.described()
    assert rotating.described()["VersionIdsToStages"][version] == ["AWSPENDING"]


@pytest.mark.clause("G.7.3", proof="test")
def test_a_rotation_that_failed_is_taken_up_again_and_the_one_after_it_is_an_ordinary_one(emulator: Any) -> None:
    rotating = Rotating(emulator)
    rotating.fail_in("setSecret")
    failed = rotating.set_up()
    rotating.fail_in("nowhere")
    with pytest.raises(rotating.secrets.exceptions.InvalidRequestException, match="will be reattempted"):
        rotating.rotate()
    assert rotating.value() == failed
    assert rotating.rotate() == rotating.value() != failed


def test_a_rotation_that_ends_without_a_new_value_is_not_complete(emulator: Any) -> None:
    rotating = Rotating(emulator)
    rotating.fail_in("finishSecret", variable="IDLE")
    rotating.set_up()
    assert rotating.value() == "first"
    assert "LastRotatedDate" not in rotating.described()
    with pytest.raises(rotating.secrets.exceptions.InvalidRequestException, match="will be reattempted"):
        rotating.rotate()


def test_a_rotation_that_is_asked_for_twice_runs_once(emulator: Any) -> None:
    rotating = Rotating(emulator)
    version = rotating.set_up()
    for _ in range(2):
        assert rotating.rotate(ClientRequestToken="t" * 32) == "t" * 32
    assert [call["ClientRequestToken"] for call in rotating.calls()] == [version] * 4 + ["t" * 32] * 4


def test_the_pending_label_is_on_the_version_of_the_last_rotation_only(emulator: Any) -> None:
    rotating = Rotating(emulator)
    rotating.set_up()  # leaves the label on the version that is current then
    rotating.fail_in("createSecret")
    failed = rotating.rotate()
    stages = rotating.described()["VersionIdsToStages"]
    assert [version for version, labels in stages.items() if "AWSPENDING" in labels] == [failed]


def test_a_pending_version_that_no_rotation_has_made_blocks_the_next_rotation(emulator: Any) -> None:
    rotating = Rotating(emulator)
    rotating.secrets.put_secret_value(SecretId="s", SecretString="stray", VersionStages=["AWSPENDING"])
    for _ in range(2):
        with pytest.raises(rotating.secrets.exceptions.InvalidRequestException, match="rotation isn't complete"):
            rotating.set_up()
    assert rotating.value() == "first"


def test_a_rotation_for_later_is_only_tried_out(emulator: Any) -> None:
    rotating = Rotating(emulator)
    rotating.set_up(RotateImmediately=False)
    assert [call["Step"] for call in rotating.calls()] == ["testSecret"]
    assert "tested first" in rotating.printed()
    assert rotating.value() == "first"
    assert [labels for labels in rotating.described()["VersionIdsToStages"].values() if "AWSPENDING" in labels] == []
    assert rotating.described()["RotationEnabled"] is True


@pytest.mark.clause("G.7.3", proof="test")
def test_a_function_that_lets_nobody_in_is_not_invoked(emulator: Any) -> None:
    rotating = Rotating(emulator, permitted=False)
    permit(emulator, "f", "secretsmanager", f"{rotating.arn}-of-another")
    permit(emulator, "f", "events", rotating.arn)
    with pytest.raises(rotating.secrets.exceptions.ClientError, match="access to the principal secretsmanager"):
        rotating.set_up()
    assert "RotationEnabled" not in rotating.described()


def test_what_cannot_be_rotated_is_refused(emulator: Any) -> None:
    rotating = Rotating(emulator)
    with pytest.raises(rotating.secrets.exceptions.InvalidRequestException, match="doesn't already have a Lambda"):
        rotating.rotate()
    with pytest.raises(rotating.secrets.exceptions.ResourceNotFoundException):
        rotating.rotate(RotationLambdaARN=f"{rotating.function}-of-another")
    with pytest.raises(rotating.secrets.exceptions.ResourceNotFoundException):
        rotating.secrets.rotate_secret(SecretId="none")
    with pytest.raises(rotating.secrets.exceptions.InvalidParameterException, match="within 1-1000"):
        rotating.rotate(RotationLambdaARN=rotating.function, RotationRules={"AutomaticallyAfterDays": 1001})
    rotating.secrets.delete_secret(SecretId="s")
    with pytest.raises(rotating.secrets.exceptions.InvalidRequestException, match="marked for deletion"):
        rotating.set_up()


def test_plain_moto_still_loses_the_current_value_without_docker(plain_moto: Any) -> None:
    """It goes through all steps although none of them runs, and then shows the version without a value."""
    rotating = Rotating(plain_moto, permitted=False)
    rotating.set_up()
    with pytest.raises(rotating.secrets.exceptions.ResourceNotFoundException):
        rotating.value()
