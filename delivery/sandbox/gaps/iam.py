"""IAM: the policies that AWS manages, built once and only for the partition that is used."""

from typing import Any

from moto.iam.models import IAMBackend

from delivery.sandbox.gaps.patch import Patch, wrap

PARTITION = "aws"


_BUILT: dict[str, list[Any]] = {}  # by account; a reset of the emulator takes them back unattached


def _init_aws_policies(original: Any, backend: Any) -> list[Any]:
    if backend.partition != PARTITION:
        return []
    if backend.account_id not in _BUILT:
        _BUILT[backend.account_id] = original(backend)
    for policy in _BUILT[backend.account_id]:
        policy.attachment_count = 0
    return _BUILT[backend.account_id]


def _apply() -> None:
    wrap(IAMBackend, "_init_aws_policies", _init_aws_policies)


PATCHES = (
    Patch(
        service="iam",
        name="managed-policies",
        gap="the 1,500 policies that AWS manages are built for each of six partitions, and again at each reset, which "
        "takes most of the time of the next request",
        apply=_apply,
    ),
)
