"""A bucket policy refuses what it says, and conditional writes and deletes hold in a versioned bucket."""

import json
from typing import Any

import pytest

ARNS = ["arn:aws:s3:::bbb", "arn:aws:s3:::bbb/*"]
EVERYTHING = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ARNS}
PLAIN_HTTP = {**EVERYTHING, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def _with_policy(account: Any, statement: Any) -> Any:
    """The client of an account whose bucket has an object and, after it, a policy of one statement."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket="bbb")
    s3.put_object(Bucket="bbb", Key="k", Body=b"x")
    s3.put_bucket_policy(Bucket="bbb", Policy=json.dumps({"Version": "2012-10-17", "Statement": statement}))
    return s3


@pytest.mark.parametrize("statement", [PLAIN_HTTP, [PLAIN_HTTP]])
def test_a_policy_that_refuses_plain_http_lets_loopback_through(emulator: Any, statement: Any) -> None:
    s3 = _with_policy(emulator, statement)
    assert s3.get_object(Bucket="bbb", Key="k")["Body"].read() == b"x"
    s3.put_object(Bucket="bbb", Key="k", Body=b"y")


def test_a_policy_that_refuses_everything_still_does(emulator: Any) -> None:
    s3 = _with_policy(emulator, [PLAIN_HTTP, EVERYTHING])
    with pytest.raises(s3.exceptions.ClientError, match="403"):
        s3.get_object(Bucket="bbb", Key="k")


def test_plain_moto_still_refuses_everything(plain_moto: Any) -> None:
    s3 = _with_policy(plain_moto, PLAIN_HTTP)
    with pytest.raises(s3.exceptions.ClientError, match="403"):
        s3.get_object(Bucket="bbb", Key="k")


def test_an_object_is_made_once_also_after_it_was_deleted_in_a_versioned_bucket(emulator: Any) -> None:
    """What Terraform's lock and the owner of a stack rest on; plain moto does this itself."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="bbb")
    s3.put_bucket_versioning(Bucket="bbb", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        etag = s3.put_object(Bucket="bbb", Key="lock", Body=b"1", IfNoneMatch="*")["ETag"]
        with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
            s3.put_object(Bucket="bbb", Key="lock", Body=b"2", IfNoneMatch="*")
        with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
            s3.delete_object(Bucket="bbb", Key="lock", IfMatch='"0"')
        s3.delete_object(Bucket="bbb", Key="lock", IfMatch=etag)
