"""A log group that exists gets a key, and loses it again."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

KEY = "arn:aws:kms:us-east-1:123456789012:key/5e3f7a52-9d0f-4c55-8d43-1d7b1c7d9f10"


def _key_of(logs: Any) -> Any:
    return logs.describe_log_groups()["logGroups"][0].get("kmsKeyId")


def test_a_key_is_given_to_a_group_and_taken_from_it(emulator: Any) -> None:
    logs = emulator.client("logs")
    logs.create_log_group(logGroupName="g")
    logs.associate_kms_key(logGroupName="g", kmsKeyId=KEY)
    assert _key_of(logs) == KEY
    logs.disassociate_kms_key(logGroupName="g")
    assert _key_of(logs) is None


def test_plain_moto_still_cannot_take_the_key_from_a_group(plain_moto: Any) -> None:
    logs = plain_moto.client("logs")
    logs.create_log_group(logGroupName="g", kmsKeyId=KEY)
    with pytest.raises(ClientError):
        logs.disassociate_kms_key(logGroupName="g")
    assert _key_of(logs) == KEY
