"""CloudWatch Logs: a key is given to a log group that exists, and taken from it."""

from typing import Any

from moto.logs.responses import LogsResponse

from delivery.sandbox.gaps.patch import Patch, add


def _group(response: Any) -> Any:
    """`describe_log_groups` gives copies; the group itself is the backend's."""
    return response.logs_backend.groups[response._get_param("logGroupName")]


def _associate_kms_key(response: Any) -> str:
    _group(response).kms_key_id = response._get_param("kmsKeyId")
    return "{}"


def _disassociate_kms_key(response: Any) -> str:
    _group(response).kms_key_id = None
    return "{}"


def _apply() -> None:
    add(LogsResponse, "associate_kms_key", _associate_kms_key)
    add(LogsResponse, "disassociate_kms_key", _disassociate_kms_key)


PATCHES = (
    Patch(
        service="logs",
        name="keys-of-groups",
        gap="AssociateKmsKey and DisassociateKmsKey do not exist",
        apply=_apply,
    ),
)
