"""Secrets Manager in memory, with the rules of versions and staging labels that a rotation depends on.

Read in the API reference (DescribeSecret, GetSecretValue, PutSecretValue, UpdateSecretVersionStage, RotateSecret) and
in the quotas, on 2026-11-26. Where AWS says two things, `clears_pending` chooses. It is our reading, and not AWS.
"""

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

REGION, ACCOUNT = "us-east-1", "123456789012"
ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:secret-payment-processor-database-pr42-AbCdEf"
ADMIN_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:database-admin-Ex4mPl"
CURRENT, PENDING, PREVIOUS, FIRST = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS", "PAYGATE_FIRST"
FIRST_VERSION = "00000000-0000-4000-8000-000000000000"
MOST_LABELS = 20
LARGEST_VALUE = 65536


@dataclass
class Version:
    """`value` is None between the start of a rotation and its first PutSecretValue."""

    value: str | None = None
    labels: set[str] = field(default_factory=set)


class SecretsManager:
    """One secret that rotates, with a first value, and the secret of an admin. Methods are those of boto3's client.

    clears_pending: whether moving AWSCURRENT takes AWSPENDING off the same version in the same call, as the user guide
    says; the maintainers of AWS's rotation templates say that it happens after the rotation.
    """

    def __init__(self, first_value: str, admin_value: str, clears_pending: bool = False) -> None:
        self.versions = {FIRST_VERSION: Version(first_value, {CURRENT, FIRST})}
        self.admin_value = admin_value
        self.rotation_enabled: bool | None = True
        self.clears_pending = clears_pending

    # What a client calls.

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803
        self._find("DescribeSecret", SecretId)
        labelled = {token: sorted(version.labels) for token, version in self.versions.items() if version.labels}
        return {"ARN": ARN, "RotationEnabled": self.rotation_enabled, "VersionIdsToStages": labelled}

    def get_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803
        VersionId: str | None = None,  # noqa: N803
        VersionStage: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        if SecretId == ADMIN_ARN:
            return {"ARN": ADMIN_ARN, "SecretString": self.admin_value}
        self._find("GetSecretValue", SecretId)
        stage = VersionStage or (None if VersionId else CURRENT)
        token = VersionId or self.holder_of(stage or "")
        version = self.versions.get(token or "")
        if version is None or version.value is None or (stage and stage not in version.labels):
            raise failed("ResourceNotFoundException", "GetSecretValue")
        return {"ARN": ARN, "VersionId": token, "SecretString": version.value, "VersionStages": sorted(version.labels)}

    def put_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803
        ClientRequestToken: str,  # noqa: N803
        SecretString: str,  # noqa: N803
        VersionStages: list[str] | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        self._find("PutSecretValue", SecretId)
        if not 32 <= len(ClientRequestToken) <= 64 or not 0 < len(SecretString) <= LARGEST_VALUE:
            raise failed("InvalidParameterException", "PutSecretValue")
        version = self.versions.setdefault(ClientRequestToken, Version())
        if version.value not in (None, SecretString):
            raise failed("ResourceExistsException", "PutSecretValue")
        if version.value is None:
            version.value = SecretString
            first = self.holder_of(CURRENT) is None
            for label in {*(VersionStages or [CURRENT]), *([CURRENT] if first else [])}:
                self._attach(label, ClientRequestToken)
            self._check_labels("PutSecretValue")
        return {"ARN": ARN, "VersionId": ClientRequestToken, "VersionStages": sorted(version.labels)}

    def update_secret_version_stage(
        self,
        *,
        SecretId: str,  # noqa: N803
        VersionStage: str,  # noqa: N803
        MoveToVersionId: str | None = None,  # noqa: N803
        RemoveFromVersionId: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        operation = "UpdateSecretVersionStage"
        self._find(operation, SecretId)
        holder = self.holder_of(VersionStage)
        if MoveToVersionId is not None and MoveToVersionId not in self.versions:
            raise failed("ResourceNotFoundException", operation)
        if RemoveFromVersionId != holder and not (RemoveFromVersionId is None and holder == MoveToVersionId):
            raise failed("InvalidParameterException", operation)  # the label is elsewhere, or nowhere
        if MoveToVersionId is None and VersionStage == CURRENT:
            raise failed("InvalidParameterException", operation)  # a secret always has a current version
        if MoveToVersionId is None:
            self.versions[str(holder)].labels.discard(VersionStage)
        else:
            self._attach(VersionStage, MoveToVersionId)
            if VersionStage == CURRENT and self.clears_pending:
                self.versions[MoveToVersionId].labels.discard(PENDING)
        self._check_labels(operation)
        return {"ARN": ARN}

    # What AWS and people do.

    def start_rotation(self, token: str) -> None:
        """A new version with AWSPENDING and without a value, before the function is called for the first time."""
        self.versions.setdefault(token, Version())
        self._attach(PENDING, token)

    def delete_deprecated(self) -> None:
        """Versions without a label may be deleted at any time."""
        self.versions = {token: version for token, version in self.versions.items() if version.labels}

    def holder_of(self, label: str) -> str | None:
        """The version that has a label."""
        return next((token for token, version in self.versions.items() if label in version.labels), None)

    def value_of(self, label: str) -> str | None:
        """The value of the version that has a label."""
        version = self.versions.get(self.holder_of(label) or "")
        return version.value if version else None

    def _attach(self, label: str, token: str) -> None:
        before = self.holder_of(label)
        if before == token:
            return
        if before is not None:
            self.versions[before].labels.discard(label)
        self.versions[token].labels.add(label)
        if label == CURRENT and before is not None:
            self._attach(PREVIOUS, before)
            self.versions[token].labels.discard(PREVIOUS)

    def _check_labels(self, operation: str) -> None:
        if sum(len(version.labels) for version in self.versions.values()) > MOST_LABELS:
            raise failed("LimitExceededException", operation)

    def _find(self, operation: str, secret_id: str) -> None:
        if secret_id != ARN:
            raise failed("ResourceNotFoundException", operation)


def failed(code: str, operation: str, message: str = "as the API says it") -> ClientError:
    """The error that boto3 raises for an answer of AWS."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
