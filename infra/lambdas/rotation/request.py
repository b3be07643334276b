"""What Secrets Manager asks of the function, and the strict check of it."""

import re
from dataclasses import dataclass

from .problem import RotationError

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
NEEDED = ("ClientRequestToken", "SecretId", "Step")
# What the API takes as a token; no blanks or control characters, as it stands in logs.
_TOKEN = re.compile(r"[!-~]{32,64}", re.ASCII)


@dataclass(frozen=True)
class Request:
    """One step of the rotation that is to make the version `token` the current one."""

    step: str
    token: str


def read_request(event: object, secret_arn: str) -> Request:
    """The request in an event; RotationError, which repeats nothing of the event, when it is not for this secret.

    AWS sends RotationToken as well, which a function in the account of its secret does not need, and may send more.
    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html (2026-11-26)
    """
    if not isinstance(event, dict):
        raise _refused("it is not an object", f"an object with {', '.join(NEEDED)}")
    missing = [key for key in NEEDED if not isinstance(event.get(key), str)]
    if missing:
        raise _refused(f"no text for {', '.join(missing)}", f"texts for {', '.join(NEEDED)}")
    if event["Step"] not in STEPS:
        raise _refused("another Step", ", ".join(STEPS))
    if event["SecretId"] != secret_arn:
        raise _refused("the SecretId of another secret", secret_arn)
    if not _TOKEN.fullmatch(event["ClientRequestToken"]):
        raise _refused("a ClientRequestToken of another form", "32 to 64 printable characters without blanks")
    return Request(event["Step"], event["ClientRequestToken"])


def _refused(found: str, allowed: str) -> RotationError:
    return RotationError("the event is not a step of this rotation", found, allowed, "Only Secrets Manager calls this.")
