"""A rotating KMS key of the deployment: administered by the account, used by one AWS service and for one purpose."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from infra import policy
from infra.context import Context, Part

ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKeyRotation",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]
DELETION_WINDOW_DAYS = 7  # the shortest that AWS allows


class EncryptionKey(Part):
    """Key and alias. `use` are the statements of its policy that let somebody encrypt and decrypt."""

    def __init__(
        self, scope: Construct, context: Context, purpose: str, contents: str, use: Sequence[policy.Statement]
    ) -> None:
        super().__init__(scope, f"key-{purpose}", context)
        administration = policy.allow("AdministerKey", ADMINISTRATION, ["*"], Principal={"AWS": account_root(context)})
        key = self.add(
            KmsKey,
            purpose,
            description=f"{contents} of {self.settings.stack_name}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=policy.document([administration, *use]),
            tags=self.name_tag("kms-key", purpose),
        )
        self.add(KmsAlias, purpose, name=self.name("kms-alias", purpose), target_key_id=key.key_id)
        self.arn: str = key.arn


def account_root(context: Context) -> str:
    """The account as a principal: which of its roles may act is then said by their own policies."""
    return f"arn:{context.partition}:iam::{context.account_id}:root"


def use_through(context: Context, service: str, actions: Sequence[str]) -> policy.Statement:
    """Use by roles of the account, as far as their own policies allow it, and only through one AWS service.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (2026-11-26)
    """
    return policy.allow(
        f"UseThrough{service.title()}",
        actions,
        ["*"],
        Principal={"AWS": account_root(context)},
        Condition={
            "StringEquals": {
                "kms:CallerAccount": context.account_id,
                "kms:ViaService": f"{service}.{context.settings.region}.amazonaws.com",
            }
        },
    )
