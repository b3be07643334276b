"""Sets the faults of an emulator and reads their counters, from tests and drills; imports neither moto nor boto3."""

import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from delivery.sandbox.faults import EVERY_CLIENT, FAULTS_PATH, Fault

ANSWER_SECONDS = 30.0


def set_faults(endpoint: str, faults: Sequence[Fault], client: str = EVERY_CLIENT) -> None:
    """Replace the faults that strike the requests of one access key id, or of all. OSError when nobody answers."""
    _post(endpoint, {"client": client, "faults": [asdict(fault) for fault in faults]})


def struck(endpoint: str, client: str = EVERY_CLIENT) -> dict[str, int]:
    """Name of each fault set for that client -> how many requests it has struck."""
    return {entry["name"]: entry["struck"] for entry in _post(endpoint, {"client": client})["faults"]}


def _post(endpoint: str, message: Mapping[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  (loopback, http)
        f"{endpoint}{FAULTS_PATH}", json.dumps(message).encode(), {"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=ANSWER_SECONDS) as answer:
        return json.load(answer)
