"""Containers of a task definition: what their secrets name."""

import pytest

from policies.graph.containers import secret_named_by

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"


@pytest.mark.parametrize(
    ("value_from", "named"),
    [
        (ARN, ARN),
        (f"{ARN}:password::", ARN),
        (f"{ARN}:password:AWSCURRENT:", ARN),
        (f"{ARN}:::0123abcd-0123-0123-0123-0123456789ab", ARN),
        ("arn:aws:ssm:us-east-1:123456789012:parameter/db", "arn:aws:ssm:us-east-1:123456789012:parameter/db"),
        ("${aws_secretsmanager_secret.db.arn}:password::", "${aws_secretsmanager_secret.db.arn}:password::"),
        ("db-password", "db-password"),
    ],
)
def test_of_a_secret_arn_the_key_stage_and_version_are_left_out(value_from: str, named: str) -> None:
    assert secret_named_by(value_from) == named
