"""The lock of a run on another machine, as terraform writes it."""

import json
from typing import Any

from delivery.state.lock import lock_key


def put_lock(s3: Any, bucket: str, state_key: str) -> None:
    """Eve's apply has the state."""
    lock = {"ID": "1-2", "Operation": "OperationTypeApply", "Who": "eve@elsewhere", "Created": "2026-11-26T09:00:00Z"}
    s3.put_object(Bucket=bucket, Key=lock_key(state_key), Body=json.dumps(lock).encode())
