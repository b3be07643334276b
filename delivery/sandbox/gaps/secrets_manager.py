"""Secrets Manager: labels and values that stay, the current value by default, and events when labels move."""

import json
from typing import Any

from moto.events.models import events_backends
from moto.secretsmanager.exceptions import ResourceExistsException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from delivery.sandbox.gaps.patch import Patch, replace, wrap

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


def labels_of(secret: Any) -> dict[str, str]:
    """The version that each label is on."""
    versions = getattr(secret, "versions", {})
    return {label: version_id for version_id, version in versions.items() for label in version["version_stages"]}


def moved_labels(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    """Labels that an event tells about, with the version they moved to.

    AWS names neither AWSPENDING nor AWSPREVIOUS; the first version of a secret takes its labels from nowhere, which we
    read as no move (event-detail-secret-label-updated-secretsmanager, checked 2026-11-26).
    """
    told = {label: version for label, version in after.items() if label not in (PENDING, PREVIOUS)}
    return [(label, version) for label, version in told.items() if before.get(label, version) != version]


def _announce_moves(original: Any, backend: Any, secret_id: str, *arguments: Any, **keywords: Any) -> Any:
    """Do it, then tell the default event bus of the region which labels have moved."""
    secret = backend.secrets.get(secret_id)
    before = labels_of(secret)
    answer = original(backend, secret_id, *arguments, **keywords)
    for label, version_id in moved_labels(before, labels_of(secret)):
        event = {
            "Source": "aws.secretsmanager",
            "DetailType": "Secret Label Updated",
            "Resources": [secret.arn],
            "Detail": json.dumps({"name": secret.name, "labelUpdated": label, "versionId": version_id}),
        }
        events_backends[backend.account_id][backend.region_name].put_events([event])
    return answer


def _reset_default_version(secret: Any, secret_version: dict[str, Any], version_id: str) -> None:
    """The new version takes its labels from wherever they were; the last one gets AWSPREVIOUS and keeps the rest."""
    previous = labels_of(secret).get(CURRENT)
    secret.remove_version_stages_from_old_versions([*secret_version["version_stages"], PREVIOUS])
    if previous is not None and previous != version_id:
        secret.versions[previous]["version_stages"].append(PREVIOUS)
    secret.versions[version_id] = secret_version
    secret.default_version_id = version_id


def _check_with_existing(
    original: Any, backend: Any, name: str, token: str | None, text: str | None, binary: str | None, **more: Any
) -> Any:
    """A value never changes, not even that of a version which is still pending (API_PutSecretValue)."""
    secret = backend.secrets.get(name)
    version = getattr(secret, "versions", {}).get(token, {})
    if "secret_string" not in version and "secret_binary" not in version:
        return original(backend, name, token, text, binary, **more)
    if (version.get("secret_string"), version.get("secret_binary")) == (text, binary):
        return secret
    raise ResourceExistsException(
        f"You can't use ClientRequestToken {token} because that value is already in use for a version of secret "
        f"{secret.arn}."
    )


def _update_secret_version_stage(original: Any, backend: Any, secret_id: str, *arguments: Any, **keywords: Any) -> Any:
    answer = original(backend, secret_id, *arguments, **keywords)
    secret = backend.secrets[secret_id]
    secret.default_version_id = labels_of(secret).get(CURRENT, secret.default_version_id)
    return answer


def _apply_labels() -> None:
    replace(FakeSecret, "reset_default_version", _reset_default_version)
    wrap(SecretsManagerBackend, "update_secret_version_stage", _update_secret_version_stage)


def _apply_values() -> None:
    wrap(SecretsManagerBackend, "_check_with_existing_secrets_and_versions", _check_with_existing)


def _apply_events() -> None:
    for operation in ("put_secret_value", "update_secret", "update_secret_version_stage"):
        wrap(SecretsManagerBackend, operation, _announce_moves)


PATCHES = (
    Patch(
        service="secretsmanager",
        name="labels-stay",
        gap="a new value takes every label of its own off the version of before, and GetSecretValue without a label "
        "does not follow AWSCURRENT when that is moved",
        apply=_apply_labels,
    ),
    Patch(
        service="secretsmanager",
        name="values-stay",
        gap="PutSecretValue gives a pending version that has a value already another one",
        apply=_apply_values,
    ),
    Patch(
        service="secretsmanager",
        name="label-events",
        gap="EventBridge hears nothing when a label moves to another version",
        apply=_apply_events,
    ),
)
