"""The entry that Lambda calls: `rotation.handler.handle`.

What goes wrong is raised as one RotationError: Lambda then writes its message to the log, and Secrets Manager tries
the rotation again. An error of a library is never passed on, as its text may quote a secret.
"""

import logging
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from .configuration import Configuration, read_configuration
from .problem import RotationError, described
from .request import read_request
from .secret import Secret
from .steps import STEPS, Step, take_step

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 10, 3

logger = logging.getLogger("rotation")
logger.setLevel(logging.INFO)
for _library in ("boto3", "botocore", "urllib3"):  # whatever the function's log level: at DEBUG they log whole requests
    logging.getLogger(_library).setLevel(logging.WARNING)


def handle(event: object, _context: object) -> None:
    """Take one step of a rotation. RotationError, without a value of a secret in it, when that cannot be done."""
    run(event, lambda: read_configuration(os.environ), _secrets_manager)


def run(
    event: object,
    configured: Callable[[], Configuration],
    connected: Callable[[], Any],
    steps: Mapping[str, Step] = STEPS,
) -> None:
    """The same with the configuration, the client of Secrets Manager and the steps as arguments."""
    failure = _failure_of(lambda: _run(event, configured(), connected, steps))
    if failure:  # raised here and not where it was caught: nothing else hangs on it
        raise failure


def _run(event: object, configuration: Configuration, connected: Callable[[], Any], steps: Mapping[str, Step]) -> None:
    request = read_request(event, configuration.secret_arn)
    secret = Secret(connected(), configuration.secret_arn, configuration.admin_secret_arn)
    done = take_step(request, secret, configuration.target, steps)
    logger.info("%s of version %s: %s", request.step, request.token, done)


def _failure_of(attempt: Callable[[], None]) -> RotationError | None:
    try:
        attempt()
    except RotationError as error:
        return RotationError(error.what, error.found, error.allowed, error.mend)
    except Exception as error:
        return RotationError("the step was not finished", described(error))
    return None


@cache
def _secrets_manager() -> Any:
    """One client for all calls of this process."""
    import boto3
    from botocore.config import Config

    bounds = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.client("secretsmanager", config=bounds)
