"""The emulator fails as it was told to, through boto3, and tells how often."""

import threading
import time
import urllib.error
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from delivery.sandbox.emulator import ACCOUNT_ID
from delivery.sandbox.fault_client import set_faults, struck
from delivery.sandbox.faults import Cut, Fault


@pytest.fixture(autouse=True)
def _faultless(emulator: Any) -> Iterator[None]:
    yield
    set_faults(emulator.endpoint, [])


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("ec2", "describe_vpcs", {}),
        ("iam", "list_roles", {}),
        ("logs", "describe_log_groups", {}),
        ("s3", "list_buckets", {}),
        ("lambda", "list_functions", {}),
        ("route53", "list_hosted_zones", {}),
    ],
)
def test_the_first_requests_are_refused_with_the_code_and_then_answered(
    emulator: Any, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    set_faults(emulator.endpoint, [Fault("slow", service=service, status=400, code="Throttling", first=1)])
    with pytest.raises(ClientError) as refused:
        getattr(emulator.client(service), operation)(**arguments)
    assert refused.value.response["Error"]["Code"] == "Throttling"
    getattr(emulator.client(service), operation)(**arguments)
    assert struck(emulator.endpoint) == {"slow": 1}


@pytest.mark.parametrize(
    ("cut", "carried_out"), [(Cut.BEFORE, []), (Cut.AFTER, ["group"]), (Cut.UNANSWERED, ["group"])]
)
def test_a_cut_connection_gives_no_answer_before_or_after_the_request_was_carried_out(
    emulator: Any, cut: Cut, carried_out: list[str]
) -> None:
    logs = emulator.client("logs")
    set_faults(emulator.endpoint, [Fault("cut", operation="CreateLogGroup", cut=cut, first=1)])
    with pytest.raises(BotoCoreError):
        logs.create_log_group(logGroupName="group")
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == carried_out


def test_an_answer_is_cut_in_its_middle(emulator: Any) -> None:
    set_faults(emulator.endpoint, [Fault("cut", operation="DescribeVpcs", cut=Cut.AFTER)])
    with pytest.raises(BotoCoreError):
        emulator.client("ec2").describe_vpcs()


def test_who_waits_for_a_delayed_answer_keeps_nobody_else_waiting(emulator: Any) -> None:
    set_faults(emulator.endpoint, [Fault("slow", service="ec2", delay_seconds=2.0)])
    slow = threading.Thread(target=emulator.client("ec2").describe_vpcs)
    emulator.client("iam")
    started = time.monotonic()
    slow.start()
    emulator.client("iam").list_roles(MaxItems=1)
    assert time.monotonic() - started < 1.5
    slow.join(10)
    assert time.monotonic() - started >= 2.0


def test_faults_of_one_client_strike_no_other(emulator: Any) -> None:
    set_faults(emulator.endpoint, [Fault("f", status=403, code="ExpiredToken")], client="another key")
    emulator.client("sts").get_caller_identity()
    set_faults(emulator.endpoint, [Fault("f", status=403, code="ExpiredToken")], client=ACCOUNT_ID)
    with pytest.raises(ClientError, match="ExpiredToken"):
        emulator.client("sts").get_caller_identity()
    set_faults(emulator.endpoint, [], client=ACCOUNT_ID)


def test_a_fault_that_makes_no_sense_is_refused(emulator: Any) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        set_faults(emulator.endpoint, [Fault("nothing")])
