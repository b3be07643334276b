"""A Python function runs without Docker and reaches the emulator."""

import base64
import io
import json
import os
import zipfile
from typing import Any

import pytest

from tests.integration.sandbox.functions import make_function, packed, permit

HANDLERS = """
import logging, os, time
import boto3

logging.getLogger("of-mine").setLevel(logging.INFO)

def echo(event, context):
    print("seen", event["name"])
    logging.getLogger("of-mine").info("noted")
    logging.getLogger("of-others").info("not noted")
    return {"hello": event["name"], "greeting": os.environ["GREETING"], "id": context.aws_request_id}

def surroundings(event, context):
    return dict(os.environ)

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
    assert [line for event in logs for line in event["message"].splitlines()] == ["seen ada", "[INFO]\tnoted"]


@pytest.mark.clause("G.7.3", proof="test")
def test_a_function_sees_its_own_settings_and_none_of_this_machine(emulator: Any) -> None:
    seen = _invoke(emulator, "surroundings", {})["payload"]
    of_python = {"PATH", "PYTHONPATH", "LANG", "LC_CTYPE", "SSL_CERT_FILE"}
    assert {name for name in seen if not name.startswith("AWS_")} - of_python == {"GREETING"}
    assert {seen["AWS_CONFIG_FILE"], seen["AWS_SHARED_CREDENTIALS_FILE"]} == {os.devnull}
    assert (seen["AWS_ACCESS_KEY_ID"], seen["AWS_ENDPOINT_URL"]) == ("123456789012", emulator.endpoint)


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


def _vpc_of_function(account: Any) -> tuple[str, str]:
    """The VPC in which a function says it is, and the one in which it is."""
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="172.31.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="172.31.0.0/26")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    make_function(account, "f", packed(m=""), "m.f")
    functions = account.client("lambda")
    functions.update_function_configuration(
        FunctionName="f", VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]}
    )
    told = functions.get_function_configuration(FunctionName="f")["VpcConfig"]
    assert (told["SubnetIds"], told["SecurityGroupIds"]) == ([subnet], [group])
    return told["VpcId"], vpc


def test_a_function_tells_the_vpc_of_its_subnets(emulator: Any) -> None:
    told, vpc = _vpc_of_function(emulator)
    assert told == vpc


def test_plain_moto_still_invents_the_vpc(plain_moto: Any) -> None:
    told, vpc = _vpc_of_function(plain_moto)
    assert told != vpc


def _concurrency_of_a_function_switched_off(account: Any) -> Any:
    make_function(account, "f", packed(handlers=HANDLERS), "handlers.echo")
    functions = account.client("lambda")
    functions.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    return functions.get_function(FunctionName="f").get("Concurrency")


def test_a_function_that_is_switched_off_says_so(emulator: Any) -> None:
    assert _concurrency_of_a_function_switched_off(emulator) == {"ReservedConcurrentExecutions": 0}


def test_plain_moto_still_does_not_say_so(plain_moto: Any) -> None:
    assert _concurrency_of_a_function_switched_off(plain_moto) is None


RULE_ARN = "arn:aws:events:us-east-1:123456789012:rule/r"


def _permitted_twice(account: Any) -> None:
    make_function(account, "f", packed(m=""), "m.f")
    for _ in range(2):
        permit(account, "f", "events", RULE_ARN)


def test_the_id_of_a_statement_is_taken_once(emulator: Any) -> None:
    functions = emulator.client("lambda")

    with pytest.raises(functions.exceptions.ResourceConflictException, match=r"The statement id .* already exists"):
        _permitted_twice(emulator)

    (statement,) = json.loads(functions.get_policy(FunctionName="f")["Policy"])["Statement"]
    functions.remove_permission(FunctionName="f", StatementId=statement["Sid"])
    permit(emulator, "f", "events", RULE_ARN)


def test_plain_moto_still_takes_it_twice(plain_moto: Any) -> None:
    _permitted_twice(plain_moto)
