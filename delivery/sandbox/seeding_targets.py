"""Inside the server: the target of a rotation function, and the admin secret that opens it, whose ARN is given."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.secretsmanager.models import secretsmanager_backends

from delivery.sandbox.rotation_targets import SECRET_ARN
from delivery.sandbox.standins.cast import CAST


def seed_rotation_target(admin_secret_arn: str, target: Mapping[str, Any]) -> None:
    """Have something stand in for the target. A secret that is there already keeps its value, even a wrong one."""
    fields = {name: value for name, value in target.items() if name != "kind"}
    value = KINDS[target["kind"]](admin_secret_arn, **fields)
    _, _, _, region, account_id, _ = admin_secret_arn.split(":", 5)
    backend = secretsmanager_backends[account_id][region]
    if admin_secret_arn in backend.secrets:
        _complete(backend, admin_secret_arn, value)
        return
    matched = SECRET_ARN.fullmatch(admin_secret_arn)
    assert matched is not None  # noqa: S101  (whoever read the stack has checked it)
    backend.create_secret(
        name=matched["name"],
        secret_string=json.dumps(value),
        secret_binary=None,
        description="seeded: an admin credential from outside the platform",
        tags=[],
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    backend.secrets[matched["name"]].arn = admin_secret_arn


def _complete(backend: Any, arn: str, value: Mapping[str, str]) -> None:
    """One secret may open a database and an API: what the second needs is added to what the first has."""
    held = json.loads(backend.get_secret_value(arn, None, None)["SecretString"])
    if not set(value) <= set(held):
        backend.put_secret_value(arn, json.dumps({**value, **held}), None, None, ["AWSCURRENT"])


KINDS: dict[str, Callable[..., dict[str, str]]] = {"database-user": CAST.database_user, "api-key": CAST.api_key}
