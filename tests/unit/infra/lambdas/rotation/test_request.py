"""What the rotation function takes as a request; everything else is refused without being repeated."""

from typing import Any

import pytest

from infra.lambdas.rotation.problem import RotationError
from infra.lambdas.rotation.request import STEPS, Request, read_request
from tests.unit.infra.lambdas.secrets_manager import ADMIN_ARN, ARN

TOKEN = "11111111-0000-4000-8000-000000000000"
GOOD = {"Step": "createSecret", "SecretId": ARN, "ClientRequestToken": TOKEN}
CANARY = "canary-4f1d"


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("step", STEPS)
def test_each_of_the_four_steps_is_taken(step: str) -> None:
    assert read_request({**GOOD, "Step": step}, ARN) == Request(step, TOKEN)


def test_what_aws_sends_beside_it_does_not_matter() -> None:
    assert read_request({**GOOD, "RotationToken": CANARY, "Added": 1}, ARN) == Request("createSecret", TOKEN)


@pytest.mark.parametrize("token", ["x" * 32, "x" * 64, "a/b+c=d_e.f@g-h:i~j!k" + "x" * 20])
def test_a_token_may_be_whatever_the_api_takes(token: str) -> None:
    assert read_request({**GOOD, "ClientRequestToken": token}, ARN).token == token


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("event", "found"),
    [
        (None, "it is not an object"),
        (CANARY, "it is not an object"),
        ([GOOD], "it is not an object"),
        ({}, "no text for ClientRequestToken, SecretId, Step"),
        ({**GOOD, "Step": None}, "no text for Step"),
        ({**GOOD, "SecretId": [CANARY]}, "no text for SecretId"),
        ({**GOOD, "ClientRequestToken": 7}, "no text for ClientRequestToken"),
        ({**GOOD, "Step": "create_secret"}, "another Step"),
        ({**GOOD, "Step": CANARY}, "another Step"),
        ({**GOOD, "SecretId": ADMIN_ARN}, "the SecretId of another secret"),
        ({**GOOD, "SecretId": ARN[:-7]}, "the SecretId of another secret"),
        ({**GOOD, "SecretId": CANARY}, "the SecretId of another secret"),
        ({**GOOD, "ClientRequestToken": ""}, "a ClientRequestToken of another form"),
        ({**GOOD, "ClientRequestToken": "x" * 31}, "a ClientRequestToken of another form"),
        ({**GOOD, "ClientRequestToken": "x" * 65}, "a ClientRequestToken of another form"),
        ({**GOOD, "ClientRequestToken": f"{TOKEN}\n"}, "a ClientRequestToken of another form"),
        ({**GOOD, "ClientRequestToken": f"{CANARY} {TOKEN}"}, "a ClientRequestToken of another form"),
        ({**GOOD, "ClientRequestToken": "\u0663" * 36}, "a ClientRequestToken of another form"),
    ],
)
def test_another_event_is_refused_and_not_repeated(event: Any, found: str) -> None:
    with pytest.raises(RotationError) as refused:
        read_request(event, ARN)

    assert str(refused.value).startswith(f"the event is not a step of this rotation; found {found}; allowed: ")
    assert CANARY not in str(refused.value)
