"""What a user is told to do, by what terraform said; the texts are those of real runs."""

import pytest

from delivery.recovery.advice import advise, explained, may_be_adopted
from delivery.terraform.events import Diagnostic
from delivery.terraform.runner import TerraformError


def error(summary: str, detail: str = "") -> Diagnostic:
    return Diagnostic("error", summary, detail)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("operation error EC2: DescribeVpcs, api error ExpiredToken: The security token has expired", "credentials"),
        ("STS: GetCallerIdentity, api error InvalidClientTokenId: The security token is invalid", "credentials"),
        ("Error acquiring the state lock", "lock"),
        ("Failed to write plan file: write apply.tfplan: no space left on device", "disk full"),
        ("Failed to save state", "state not written"),
        ('Post "http://127.0.0.1:4566/": dial tcp 127.0.0.1:4566: connect: connection refused', "unreachable"),
        ("creating IAM Role (a): api error EntityAlreadyExists: Role a already exists", "exists already"),
        ("creating EC2 Subnet: api error InvalidSubnet.Conflict: The CIDR conflicts", "exists already"),
        ("https response error StatusCode: 400, api error ThrottlingException: slow", "AWS too busy"),
        ("https response error StatusCode: 500, api error InternalFailure: sorry", "AWS too busy"),
        ("CreateKey, https response error StatusCode: 200, decomposing response: unexpected EOF", "answer lost"),
        ("waiting for KMS Key (1) policy update: context canceled", "interrupted"),
    ],
)
def test_each_fault_has_its_advice(said: str, reason: str) -> None:
    advice = advise([error(said)])
    assert advice is not None
    assert advice.reason == reason


def test_an_error_of_the_stack_itself_gets_no_advice() -> None:
    assert advise([error("creating EC2 VPC", "api error InvalidVpcRange: the CIDR is invalid")]) is None


def test_what_explains_the_other_errors_comes_first() -> None:
    advice = advise([error("connection refused"), error("api error ExpiredToken: expired")])
    assert advice is not None
    assert advice.reason == "credentials"


def test_a_warning_says_nothing_about_the_failure() -> None:
    assert advise([Diagnostic("warning", "connection refused")]) is None


def test_the_message_of_a_failed_run_ends_with_what_to_do() -> None:
    failed = TerraformError("apply", [error("api error EntityAlreadyExists: Role a already exists")], "failed")
    assert explained(failed).endswith("it adopts what has the name of this stack.")
    assert may_be_adopted(failed)
    plain = TerraformError("apply", [error("no")], "failed")
    assert explained(plain) == str(plain)
    assert not may_be_adopted(plain)


def test_a_run_that_was_stopped_at_the_end_of_its_time_has_said_nothing_and_gets_advice_all_the_same() -> None:
    stopped = TerraformError("apply", [], "was stopped after 1200 seconds")
    assert "--timeout-minutes" in explained(stopped)
