"""Secrets Manager: rotation, as RotateSecret describes it (API_RotateSecret, checked 2026-11-26).

AWS rotates after it has answered; here the answer comes when the rotation is over, so that whoever asks next sees what
came of it. A rotation that failed keeps AWSPENDING and is taken up again when the next one is asked for; AWS also does
that by itself after a while, which is not simulated.
"""

import time
import uuid
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceNotFoundException,
    SecretNotFoundException,
)
from moto.secretsmanager.models import SecretsManagerBackend

from delivery.sandbox.gaps.lambda_permission import may_invoke
from delivery.sandbox.gaps.patch import Patch, replace
from delivery.sandbox.gaps.secrets_manager import CURRENT, PENDING, labels_of

PRINCIPAL = "secretsmanager.amazonaws.com"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
DAYS = "AutomaticallyAfterDays"
SECONDS_PER_DAY = 86400


class AccessDeniedError(JsonRESTError):
    """Secrets Manager may not invoke the function."""

    def __init__(self) -> None:
        super().__init__(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
            f"access to the principal {PRINCIPAL}.",
        )


def _rotate_secret(
    backend: Any,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,
) -> str:
    secret = _rotatable(backend, secret_id)
    function_arn = rotation_lambda_arn or secret.rotation_lambda_arn
    function = _function(backend, secret, function_arn)
    pending, labels = labels_of(secret).get(PENDING), labels_of(secret)
    if pending is not None and pending != labels.get(CURRENT):
        _take_up_again(secret, function, pending)
    _configure(secret, function_arn, rotation_rules)
    token = backend._from_client_request_token(client_request_token or str(uuid.uuid4()))
    secret.remove_version_stages_from_old_versions([PENDING])
    if token not in secret.versions:
        secret.versions[token] = {"createdate": int(time.time()), "version_id": token, "version_stages": [PENDING]}
        _run(secret, function, token) if rotate_immediately else _try_out(secret, function, token)
    answer: str = secret.to_short_dict(version_id=token)
    return answer


def _rotatable(backend: Any, secret_id: str) -> Any:
    if secret_id not in backend.secrets:
        raise SecretNotFoundException()
    secret = backend.secrets[secret_id]
    if secret.is_deleted():
        raise InvalidRequestException("You can't perform this operation on a secret that is marked for deletion.")
    return secret


def _function(backend: Any, secret: Any, arn: str) -> Any:
    """The function, if there is one and it lets Secrets Manager in on behalf of this secret."""
    if not arn:
        raise InvalidRequestException(
            "You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured and "
            "you didn't include such an ARN as a parameter in this call."
        )
    functions = lambda_backends[backend.account_id][backend.region_name]
    try:
        function = functions.get_function(arn)
    except JsonRESTError as error:
        raise ResourceNotFoundException(f"Resource not found for ARN '{arn}'.") from error
    if not may_invoke(function.policy.statements if function.policy else [], PRINCIPAL, secret.arn):
        raise AccessDeniedError
    return function


def _configure(secret: Any, function_arn: str, rules: dict[str, Any] | None) -> None:
    days = (rules or {}).get(DAYS)
    if days is not None and not 1 <= days <= 1000:
        raise InvalidParameterException(f"RotationRules.{DAYS} must be within 1-1000.")
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function_arn
    secret.auto_rotate_after_days = days or secret.auto_rotate_after_days
    _schedule(secret)


def _schedule(secret: Any) -> None:
    if secret.auto_rotate_after_days:
        secret.next_rotation_date = int(time.time()) + secret.auto_rotate_after_days * SECONDS_PER_DAY


def _take_up_again(secret: Any, function: Any, token: str) -> None:
    """What AWS answers while AWSPENDING is on a version that is not current, and does about it.

    A version that no rotation has made stays as it is; so does the rotation that is under way this very moment.
    """
    if getattr(secret, "failed_rotation", None) == token:
        secret.failed_rotation = None
        _run(secret, function, token)
    raise InvalidRequestException("A previous rotation isn't complete. That rotation will be reattempted.")


def _run(secret: Any, function: Any, token: str) -> None:
    """All steps in order, up to the first that fails."""
    if all(_took(function, secret, step, token) for step in STEPS) and labels_of(secret).get(CURRENT) == token:
        secret.last_rotation_date = int(time.time())
        _schedule(secret)
    else:
        secret.failed_rotation = token


def _try_out(secret: Any, function: Any, token: str) -> None:
    """Without a rotation the function is tried with the value of now, in a version that goes away again."""
    current = secret.versions.get(labels_of(secret).get(CURRENT), {})
    secret.versions[token] |= {name: current[name] for name in ("secret_string", "secret_binary") if name in current}
    _took(function, secret, "testSecret", token)
    secret.versions.pop(token, None)


def _took(function: Any, secret: Any, step: str, token: str) -> bool:
    event = {"Step": step, "SecretId": secret.arn, "ClientRequestToken": token}
    _, failed, _ = function._invoke_lambda(event)
    return not failed


def _apply() -> None:
    replace(SecretsManagerBackend, "rotate_secret", _rotate_secret)


PATCHES = (
    Patch(
        service="secretsmanager",
        name="rotation",
        gap="RotateSecret without RotationLambdaARN forgets the configured function, names the secret to it instead of "
        "giving its ARN, runs all steps whether they fail or not, makes the new version the default one all the same, "
        "needs no permission, and refuses a second rotation after one that ended well",
        apply=_apply,
    ),
)
