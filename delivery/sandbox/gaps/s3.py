"""S3: a bucket policy that refuses plain HTTP does not refuse everything."""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy
from moto.s3.models import FakeBucket

from delivery.sandbox.gaps.patch import Patch, wrap

PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def _get_permission(original: Any, bucket: Any, action: str, resource: str) -> Any:
    """What the policy says of a request over TLS, for which loopback counts: without what it says of plain HTTP."""
    if bucket.policy is None:
        return original(bucket, action, resource)
    policy = json.loads(bucket.policy)
    statements = policy.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    kept = [statement for statement in listed if statement.get("Condition") != PLAIN_HTTP]
    return IAMPolicy(json.dumps({**policy, "Statement": kept})).is_action_permitted(action, resource)


def _apply() -> None:
    wrap(FakeBucket, "get_permission", _get_permission)


PATCHES = (
    Patch(
        service="s3",
        name="plain-http-refused",
        gap="conditions of a bucket policy are not read, so that one which refuses plain HTTP refuses every request",
        apply=_apply,
    ),
)
