"""Small objects in the state bucket, written and removed only as long as they are what was last seen of them.

S3 decides: `If-None-Match: *` on a write, `If-Match: <ETag>` on a write or a delete. 412 is its no, 409 the no of two
requests at one moment, 404 of an object that went away in between.
Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html and conditional-deletes.html
(2026-11-26).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from delivery.errors import UserError

LOST = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "412", "409", "404"})
GONE = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True)
class Stored:
    """The bytes of an object, and the ETag by which S3 knows whether it is still the same."""

    body: bytes
    etag: str


def read(s3: Any, bucket: str, key: str) -> Stored | None:
    """The object, None when there is none. UserError when S3 does not let us look."""
    with _answers(bucket, key, "read"):
        try:
            answer = s3.get_object(Bucket=bucket, Key=key)
        except s3.exceptions.ClientError as error:
            if _code(error) in GONE:
                return None
            raise
        return Stored(answer["Body"].read(), answer["ETag"])


def create(s3: Any, bucket: str, key: str, body: bytes) -> bool:
    """Write an object where there is none; False when there is one, or somebody else was first."""
    return _won(s3, bucket, key, "written", lambda: s3.put_object(**_body(bucket, key, body), IfNoneMatch="*"))


def replace(s3: Any, bucket: str, key: str, body: bytes, seen: Stored) -> bool:
    """Write over the object that was seen; False when it is another one by now, or gone."""
    return _won(s3, bucket, key, "written", lambda: s3.put_object(**_body(bucket, key, body), IfMatch=seen.etag))


def remove(s3: Any, bucket: str, key: str, seen: Stored) -> bool:
    """Delete the object that was seen; False when it is another one by now, or gone."""
    return _won(s3, bucket, key, "deleted", lambda: s3.delete_object(Bucket=bucket, Key=key, IfMatch=seen.etag))


def _body(bucket: str, key: str, body: bytes) -> dict[str, Any]:
    return {"Bucket": bucket, "Key": key, "Body": body, "ContentType": "application/json"}


def _won(s3: Any, bucket: str, key: str, verb: str, act: Callable[[], Any]) -> bool:
    with _answers(bucket, key, verb):
        try:
            act()
        except s3.exceptions.ClientError as error:
            if _code(error) in LOST:
                return False
            raise
        return True


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _answers(bucket: str, key: str, verb: str) -> Iterator[None]:
    """What S3 refuses, or a call that never reached it, as one message."""
    from botocore.exceptions import BotoCoreError, ClientError

    where = f"s3://{bucket}/{key}"
    try:
        yield
    except ClientError as error:
        no_bucket = _code(error) == "NoSuchBucket"
        mend = "Make it with `paygate bootstrap`" if no_bucket else "Check the credentials and the policy of the bucket"
        what = "there is no such bucket" if no_bucket else f"cannot be {verb}"
        raise UserError(what, where, " ".join(str(error).split()), mend=mend) from error
    except BotoCoreError as error:
        mend = "Check credentials and network, and run it again"
        raise UserError(f"cannot be {verb}", where, " ".join(str(error).split()), mend=mend) from error
