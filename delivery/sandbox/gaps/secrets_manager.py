"""Secrets Manager: rotate on demand with the function that the secret already has, and rotate more than once."""

from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException
from moto.secretsmanager.models import SecretsManagerBackend

from delivery.sandbox.gaps.patch import Patch, wrap


def _rotate_secret(
    original: Any,
    backend: Any,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,
) -> Any:
    """A request without a function means the configured one (API_RotateSecret, checked 2026-11-22)."""
    if backend._is_valid_identifier(secret_id):
        secret = backend.secrets[secret_id]
        rotation_lambda_arn = rotation_lambda_arn or getattr(secret, "rotation_lambda_arn", None)
        _settle_previous_rotation(secret)
    return original(backend, secret_id, client_request_token, rotation_lambda_arn, rotation_rules, rotate_immediately)


def _settle_previous_rotation(secret: Any) -> None:
    """A rotation is over when AWSPENDING is on the current version or on none, and in progress otherwise."""
    for version in getattr(secret, "versions", {}).values():
        stages = version["version_stages"]
        if "AWSPENDING" in stages and "AWSCURRENT" not in stages:
            raise InvalidRequestException("A previous rotation isn't complete. That rotation will be reattempted.")
        if "AWSPENDING" in stages:
            stages.remove("AWSPENDING")


def _apply() -> None:
    wrap(SecretsManagerBackend, "rotate_secret", _rotate_secret)


PATCHES = (
    Patch(
        service="secretsmanager",
        name="rotate-with-configured-function",
        gap="RotateSecret without RotationLambdaARN forgets the configured function and rotates nothing, a second "
        "rotation is refused after one that ended well, and allowed after one that did not",
        apply=_apply,
    ),
)
