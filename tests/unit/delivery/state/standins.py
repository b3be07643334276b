"""An S3 client as far as the state rooms ask it: one bucket in memory, with the conditions that S3 honours."""

import io
from typing import Any

from botocore.exceptions import ClientError


class Bucket:
    """`s3` of the functions under test. before: called with the operation's name before each one, to race with it."""

    class exceptions:  # noqa: N801 - botocore's name
        ClientError = ClientError

    def __init__(self, **objects: bytes) -> None:
        self.objects: dict[str, bytes] = dict(objects)
        self.before: Any = lambda _operation: None
        self.refuse = ""

    def get_object(self, **request: Any) -> dict[str, Any]:
        self._about_to("GetObject")
        body = self.objects.get(request["Key"])
        if body is None:
            raise failure("NoSuchKey", "GetObject")
        return {"Body": io.BytesIO(body), "ETag": etag(body)}

    def put_object(self, **request: Any) -> None:
        self._about_to("PutObject")
        if request.get("IfNoneMatch") == "*" and request["Key"] in self.objects:
            raise failure("PreconditionFailed", "PutObject")
        self._must_match(request["Key"], request.get("IfMatch"), "PutObject")
        self.objects[request["Key"]] = request["Body"]

    def delete_object(self, **request: Any) -> None:
        self._about_to("DeleteObject")
        self._must_match(request["Key"], request["IfMatch"], "DeleteObject")
        del self.objects[request["Key"]]

    def _about_to(self, operation: str) -> None:
        self.before(operation)
        if self.refuse:
            raise failure(self.refuse, operation)

    def _must_match(self, key: str, tag: str | None, operation: str) -> None:
        if tag is None:
            return
        if key not in self.objects:
            raise failure("NoSuchKey", operation)
        if etag(self.objects[key]) != tag:
            raise failure("PreconditionFailed", operation)


def etag(body: bytes) -> str:
    return f'"{hash(body)}"'


def failure(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)
