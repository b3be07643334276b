"""A Python function runs without Docker and reaches the emulator."""

import base64
import io
import json
import zipfile
from typing import Any

import pytest

HANDLERS = """
import os, time
import boto3

def echo(event, context):
    print("seen", event["name"])
    return {"hello": event["name"], "greeting": os.environ["GREETING"], "id": context.aws_request_id}

def topics(event, context):
    return boto3.client("sns").list_topics()["Topics"]

def fail(event, context):
    raise ValueError("no such card")

def leave(event, context):
    os._exit(3)

def sleep(event, context):
    time.sleep(30)
"""


def _invoke(account: Any, function: str, event: dict[str, Any], timeout: int = 30) -> dict[str, Any]:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handlers.py", HANDLERS)
    trust = {"Version": "2012-10-17", "Statement": []}
    role = account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    functions = account.client("lambda")
    functions.create_function(
        FunctionName="f",
        Runtime="python3.11",
        Role=role,
        Handler=f"handlers.{function}",
        Code={"ZipFile": package.getvalue()},
        Timeout=timeout,
        Environment={"Variables": {"GREETING": "good day"}},
    )
    answer = functions.invoke(FunctionName="f", Payload=json.dumps(event), LogType="Tail")
    return {
        "payload": json.loads(answer["Payload"].read()),
        "failed": "FunctionError" in answer,
        "log": base64.b64decode(answer["LogResult"]).decode(),
    }


def test_a_function_answers_with_its_environment_and_its_output_is_logged(emulator: Any) -> None:
    answer = _invoke(emulator, "echo", {"name": "ada"})
    assert not answer["failed"]
    assert answer["payload"]["hello"] == "ada"
    assert answer["payload"]["greeting"] == "good day"
    logs = emulator.client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert [event["message"] for event in logs] == ["seen ada"]


def test_a_function_talks_to_the_emulator_it_runs_in(emulator: Any) -> None:
    arn = emulator.client("sns").create_topic(Name="t")["TopicArn"]
    assert _invoke(emulator, "topics", {})["payload"] == [{"TopicArn": arn}]


@pytest.mark.parametrize(
    ("function", "timeout", "kind", "message"),
    [
        ("fail", 30, "ValueError", "no such card"),
        ("leave", 30, "Runtime.ExitError", "f: no output"),
        ("sleep", 1, "Runtime.ExitError", "f: Task timed out after 1 seconds"),
    ],
)
def test_a_failing_function_is_an_error_with_a_message(
    emulator: Any, function: str, timeout: int, kind: str, message: str
) -> None:
    answer = _invoke(emulator, function, {}, timeout)
    assert answer["failed"]
    assert (answer["payload"]["errorType"], answer["payload"]["errorMessage"]) == (kind, message)
