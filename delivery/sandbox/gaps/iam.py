"""IAM: the policies that AWS manages, only for the partition that is used."""

from typing import Any

from moto.iam.models import IAMBackend

from delivery.sandbox.gaps.patch import Patch, wrap

PARTITION = "aws"


def _init_aws_policies(original: Any, backend: Any) -> list[Any]:
    policies: list[Any] = original(backend) if backend.partition == PARTITION else []
    return policies


def _apply() -> None:
    wrap(IAMBackend, "_init_aws_policies", _init_aws_policies)


PATCHES = (
    Patch(
        service="iam",
        name="managed-policies",
        gap="the 1,500 policies that AWS manages are built for each of six partitions, which takes most of the time of "
        "the first request",
        apply=_apply,
    ),
)
