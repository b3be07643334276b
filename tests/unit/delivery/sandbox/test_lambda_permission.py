"""A statement of a function's policy lets in exactly the service and the thing that it names."""

from typing import Any

import pytest

from delivery.sandbox.gaps.lambda_permission import may_invoke

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-a1b2c3"
STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "secretsmanager.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Condition": {
        "ArnLike": {"AWS:SourceArn": SECRET},
        "StringEquals": {"AWS:SourceAccount": "123456789012"},
    },
}


def _may(statement: dict[str, Any]) -> bool:
    return may_invoke([statement], "secretsmanager.amazonaws.com", SECRET)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Condition": None},
        {"Action": "lambda:*"},
        {"Condition": {"ArnLike": {"AWS:SourceArn": f"{SECRET[:-6]}*"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": SECRET}}},
    ],
)
def test_a_statement_that_names_the_service_and_the_thing_lets_it_in(change: dict[str, Any]) -> None:
    assert _may(STATEMENT | change)


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "events.amazonaws.com"}},
        {"Principal": "*"},
        {"Action": "lambda:GetFunction"},
        {"Condition": {"ArnLike": {"AWS:SourceArn": f"{SECRET}4"}}},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "210987654321"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_any_other_statement_does_not(change: dict[str, Any]) -> None:
    assert not _may(STATEMENT | change)


def test_no_statement_lets_nobody_in() -> None:
    assert not may_invoke([], "secretsmanager.amazonaws.com", SECRET)
