"""Labels and values of a secret stay what they are, and EventBridge hears of labels that move."""

import json
from typing import Any

import pytest

TOKENS = ["a" * 32, "b" * 32, "c" * 32]


def _put(secrets: Any, token: str, *labels: str, text: str = "") -> None:
    secrets.put_secret_value(
        SecretId="s", ClientRequestToken=token, SecretString=text or token, VersionStages=list(labels)
    )


def _labels(secrets: Any) -> dict[str, list[str]]:
    stages = secrets.describe_secret(SecretId="s")["VersionIdsToStages"]
    return {version[0]: sorted(labels) for version, labels in stages.items()}


def _labelled(account: Any) -> Any:
    """The client of an account whose secret `s` has had a labelled first value and a second one."""
    secrets = account.client("secretsmanager")
    secrets.create_secret(Name="s")
    _put(secrets, TOKENS[0], "AWSCURRENT", "FIRST")
    _put(secrets, TOKENS[1], "AWSCURRENT")
    return secrets


def _events(account: Any) -> Any:
    """A queue that gets every event of Secrets Manager."""
    queues = account.client("sqs")
    queue = queues.create_queue(QueueName="q")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    account.client("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.secretsmanager"]}))
    account.client("events").put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn}])

    def received() -> list[dict[str, Any]]:
        found = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    return received


@pytest.mark.clause("G.7.3", proof="test")
def test_a_label_stays_on_its_version_when_the_value_changes(emulator: Any) -> None:
    secrets = _labelled(emulator)
    assert _labels(secrets) == {"a": ["AWSPREVIOUS", "FIRST"], "b": ["AWSCURRENT"]}
    _put(secrets, TOKENS[2], "AWSCURRENT")
    assert _labels(secrets) == {"a": ["FIRST"], "b": ["AWSPREVIOUS"], "c": ["AWSCURRENT"]}
    assert secrets.get_secret_value(SecretId="s", VersionStage="FIRST")["SecretString"] == TOKENS[0]


def test_a_label_is_on_one_version_only(emulator: Any) -> None:
    secrets = _labelled(emulator)
    _put(secrets, TOKENS[2], "AWSCURRENT", "FIRST")
    assert _labels(secrets) == {"a": [], "b": ["AWSPREVIOUS"], "c": ["AWSCURRENT", "FIRST"]}


def test_the_value_without_a_label_is_the_current_one(emulator: Any) -> None:
    secrets = _labelled(emulator)
    secrets.update_secret_version_stage(
        SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=TOKENS[0], RemoveFromVersionId=TOKENS[1]
    )
    assert secrets.get_secret_value(SecretId="s")["SecretString"] == TOKENS[0]
    assert _labels(secrets) == {"a": ["AWSCURRENT", "FIRST"], "b": ["AWSPREVIOUS"]}


def test_a_pending_value_is_never_replaced(emulator: Any) -> None:
    secrets = _labelled(emulator)
    for _ in range(2):  # the same again is no change
        _put(secrets, TOKENS[2], "AWSPENDING", text="one")
    with pytest.raises(secrets.exceptions.ResourceExistsException, match="already in use for a version"):
        _put(secrets, TOKENS[2], "AWSPENDING", text="another")
    assert secrets.get_secret_value(SecretId="s", VersionStage="AWSPENDING")["SecretString"] == "one"


@pytest.mark.clause("G.7.3", proof="test")
def test_an_event_tells_which_label_has_moved_to_which_version(emulator: Any) -> None:
    received = _events(emulator)
    secrets = _labelled(emulator)
    arn = secrets.describe_secret(SecretId="s")["ARN"]
    (event,) = received()
    assert (event["source"], event["detail-type"], event["resources"]) == (
        "aws.secretsmanager",
        "Secret Label Updated",
        [arn],
    )
    assert event["detail"] == {"name": "s", "labelUpdated": "AWSCURRENT", "versionId": TOKENS[1]}
    _put(secrets, TOKENS[2], "AWSPENDING")
    assert received() == []
    secrets.update_secret_version_stage(
        SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=TOKENS[2], RemoveFromVersionId=TOKENS[1]
    )
    assert [event["detail"]["versionId"] for event in received()] == [TOKENS[2]]


def test_an_event_tells_of_own_labels_too(emulator: Any) -> None:
    secrets = _labelled(emulator)
    received = _events(emulator)
    secrets.update_secret_version_stage(
        SecretId="s", VersionStage="FIRST", MoveToVersionId=TOKENS[1], RemoveFromVersionId=TOKENS[0]
    )
    assert [event["detail"]["labelUpdated"] for event in received()] == ["FIRST"]


def test_random_passwords_are_as_asked_for(emulator: Any) -> None:
    """What Terraform takes the first value of a secret from."""
    secrets = emulator.client("secretsmanager")
    made = [
        secrets.get_random_password(PasswordLength=48, ExcludePunctuation=True)["RandomPassword"] for _ in range(20)
    ]
    assert {len(password) for password in made} == {48}
    assert all(password.isalnum() and password.isascii() for password in made)
    assert len(set(made)) == 20


def test_plain_moto_still_takes_labels_off(plain_moto: Any) -> None:
    secrets = _labelled(plain_moto)
    assert _labels(secrets)["a"] == ["AWSPREVIOUS"]
    secrets.update_secret_version_stage(
        SecretId="s", VersionStage="AWSCURRENT", MoveToVersionId=TOKENS[0], RemoveFromVersionId=TOKENS[1]
    )
    assert secrets.get_secret_value(SecretId="s")["SecretString"] == TOKENS[1]


def test_plain_moto_still_replaces_a_pending_value(plain_moto: Any) -> None:
    secrets = _labelled(plain_moto)
    for text in ("one", "another"):
        _put(secrets, TOKENS[2], "AWSPENDING", text=text)
    assert secrets.get_secret_value(SecretId="s", VersionStage="AWSPENDING")["SecretString"] == "another"


def test_plain_moto_still_sends_no_event(plain_moto: Any) -> None:
    received = _events(plain_moto)
    _labelled(plain_moto)
    assert received() == []
