"""Rotation: for each secret a function that may read and set this one only, called by Secrets Manager on a schedule."""

import json
from functools import cache

from cdktf_cdktf_provider_aws.secretsmanager_secret_rotation import (
    SecretsmanagerSecretRotation,
    SecretsmanagerSecretRotationRotationRules,
)
from constructs import Construct

from infra import lambda_package, policy
from infra.context import Context, Part
from infra.function import Function, Grounds, Program
from infra.network import DEFAULT_ROUTE_CIDR
from infra.planned_names import DATABASE_OUT, HTTPS_OUT, way_to
from infra.secrets import Held, Secrets
from infra.settings.model import Outbound, Secret
from infra.traffic import HTTPS

HANDLER = "rotation.handler.handle"
LIBRARIES = ("pg8000",)
AUTHORITIES = "authorities.pem"
TIMEOUT_SECONDS = 60
TO_AWS = Outbound(HTTPS, DEFAULT_ROUTE_CIDR, "To AWS APIs and third parties over TLS, through the NAT gateways")


class Rotation(Part):
    """`made` are the rotations, which a service waits for: before the first one its target does not know the value."""

    def __init__(self, scope: Construct, context: Context, secrets: Secrets, grounds: Grounds) -> None:
        super().__init__(scope, "rotation", context)
        self._secrets, self._grounds = secrets, grounds
        self.of_secret = {held.component: self._rotate(held) for held in secrets.held}

    def _rotate(self, held: Held) -> SecretsmanagerSecretRotation:
        rotates = Function(
            self, self.context, f"{held.component}-rotation", held.service, self._grounds, self._program(held)
        )
        permission = rotates.let_in("RotateByItsSecretOnly", "secretsmanager.amazonaws.com", held.secret.arn)
        return self.add(
            SecretsmanagerSecretRotation,
            held.component,
            secret_id=held.secret.id,
            rotation_lambda_arn=rotates.function.arn,
            rotate_immediately=True,
            rotation_rules=SecretsmanagerSecretRotationRotationRules(
                automatically_after_days=held.wanted.rotation_days
            ),
            depends_on=[held.version, permission],
        )

    def _program(self, held: Held) -> Program:
        wanted, authorities = held.wanted, self._authorities(held.wanted)
        ways_out = {HTTPS_OUT: TO_AWS}
        if user := wanted.database_user:
            ways_out[DATABASE_OUT] = way_to(user)
        return Program(
            description=f"Rotates the secret {held.component}",
            package_name=f"{held.component}-rotation.zip" if authorities else "rotation.zip",
            package=_package(authorities),
            handler=HANDLER,
            timeout_seconds=TIMEOUT_SECONDS,
            environment={
                "SECRET_ARN": held.secret.arn,
                "ADMIN_SECRET_ARN": wanted.admin_secret_arn,
                "TARGET": json.dumps(_target(wanted)),
            },
            ways_out=ways_out,
            may=self._may(held),
        )

    def _authorities(self, wanted: Secret) -> bytes:
        """Certificate authorities of the database, to be packed beside the code."""
        name = wanted.database_user.authorities_file if wanted.database_user else None
        return (self.settings.folder / name).read_bytes() if name else b""

    def _may(self, held: Held) -> list[policy.Statement]:
        """Change this secret, read the admin's, and use their keys.

        Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
        (2026-11-26)
        """
        key_of_admin = [held.wanted.admin_key_arn] if held.wanted.admin_key_arn else []
        return [
            policy.allow(
                "RotateSecret",
                [
                    "secretsmanager:DescribeSecret",
                    "secretsmanager:GetSecretValue",
                    "secretsmanager:PutSecretValue",
                    "secretsmanager:UpdateSecretVersionStage",
                ],
                [held.secret.arn],
            ),
            policy.allow("ReadAdminSecret", ["secretsmanager:GetSecretValue"], [held.wanted.admin_secret_arn]),
            policy.allow("EncryptSecret", ["kms:GenerateDataKey"], [self._secrets.key.arn]),
            policy.allow("DecryptSecrets", ["kms:Decrypt"], [self._secrets.key.arn, *key_of_admin]),
        ]


@cache
def _package(authorities: bytes) -> bytes:
    files = {AUTHORITIES: authorities} if authorities else {}
    return lambda_package.build("rotation", libraries=LIBRARIES, extra_files=files)


def _target(wanted: Secret) -> dict[str, object]:
    if user := wanted.database_user:
        return {
            "kind": "database-user",
            "host": user.host,
            "port": user.port,
            "database": user.database,
            "username": user.username,
        }
    assert wanted.api_key is not None  # noqa: S101  (the checks of meaning demand one of the two)
    return {"kind": "api-key", "endpoint": wanted.api_key.endpoint}
