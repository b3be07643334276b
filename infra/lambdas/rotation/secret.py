"""The secret that is rotated and the one of the admin, as Secrets Manager holds them."""

import json
from typing import Any

from botocore.exceptions import ClientError

from .problem import RotationError, told_as
from .target import Value

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"


class Secret:
    """`client` is boto3's, of Secrets Manager. Its errors pass through; the handler tells them without their text."""

    def __init__(self, client: Any, arn: str, admin_arn: str) -> None:
        self._client, self.arn, self._admin_arn = client, arn, admin_arn

    def stages(self) -> dict[str, list[str]]:
        """The staging labels of each version that has some; RotationError when the secret does not rotate."""
        described = self._client.describe_secret(SecretId=self.arn)
        if described.get("RotationEnabled") is not True:
            raise RotationError(
                "the secret does not rotate", mend="Turn its rotation on (RotateSecret), then rotate it again."
            )
        return dict(described.get("VersionIdsToStages") or {})

    def text_of(self, version: str) -> str | None:
        """The value of a version as it is stored; None when it has none yet, "" when it is binary.

        Secrets Manager makes the version before the value: it has AWSPENDING, and GetSecretValue does not find it.
        Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html (2026-11-26)
        """
        try:
            return str(self._client.get_secret_value(SecretId=self.arn, VersionId=version).get("SecretString", ""))
        except ClientError as error:
            if _is(error, "ResourceNotFoundException"):
                return None
            raise

    def store(self, version: str, value: Value) -> None:
        """Give a version its value, unless somebody else has been faster: a value never changes."""
        try:
            self._client.put_secret_value(
                SecretId=self.arn,
                ClientRequestToken=version,
                SecretString=json.dumps(value),
                VersionStages=[PENDING],
            )
        except ClientError as error:
            if not _is(error, "ResourceExistsException"):
                raise

    def make_current(self, version: str, instead_of: str) -> None:
        """Move AWSCURRENT in one call. The API refuses when another version has it by now."""
        self._client.update_secret_version_stage(
            SecretId=self.arn, VersionStage=CURRENT, MoveToVersionId=version, RemoveFromVersionId=instead_of
        )

    def drop_pending(self, version: str) -> None:
        """Take AWSPENDING off a version; it may be gone already.

        AWS's own templates leave it where it is, and AWS takes it off by itself, in which call is told in two ways.
        Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
        (2026-11-26)
        """
        try:
            self._client.update_secret_version_stage(
                SecretId=self.arn, VersionStage=PENDING, RemoveFromVersionId=version
            )
        except ClientError as error:
            if not _is(error, "InvalidParameterException"):
                raise

    def admin(self) -> Value:
        """The credential that may set the new value; RotationError when it cannot be had, or is not a JSON object."""
        with told_as("the admin secret cannot be read"):
            stored = self._client.get_secret_value(SecretId=self._admin_arn)
        value = parsed(stored.get("SecretString"))
        if value is None:
            raise RotationError(
                "the admin secret cannot be used", "something else", "a JSON object", "Correct its value."
            )
        return value


def parsed(text: object) -> Value | None:
    """The JSON object in a text, or None."""
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is(error: ClientError, code: str) -> bool:
    return bool(error.response["Error"]["Code"] == code)
