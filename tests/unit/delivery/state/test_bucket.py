"""Where the state of a stack is."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from delivery.state.bucket import bucket_exists, bucket_name, state_of


def test_a_state_has_a_bucket_per_account_and_region_and_a_key_per_stack() -> None:
    state = state_of("payments-production-p1", bucket_name("123456789012", "eu-central-1"), "eu-central-1")
    assert state.backend == {
        "s3": {
            "bucket": "paygate-state-123456789012-eu-central-1",
            "key": "payments-production-p1/terraform.tfstate",
            "region": "eu-central-1",
            "encrypt": True,
            "use_lockfile": True,
        }
    }
    assert state.lock_key == "payments-production-p1/terraform.tfstate.tflock"


class Answering:
    """An S3 that answers HeadBucket with a status."""

    def __init__(self, status: int) -> None:
        self._status = status

    def head_bucket(self, **_arguments: Any) -> None:
        if self._status != 200:
            raise ClientError({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": self._status}}, "HeadBucket")


def test_a_bucket_is_there_or_not_and_anything_else_is_no_answer() -> None:
    assert bucket_exists(Answering(200), "any")
    assert not bucket_exists(Answering(404), "any")
    with pytest.raises(ClientError):
        bucket_exists(Answering(403), "any")
