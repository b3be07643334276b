"""Images, secrets, and the keys that encrypt them and the logs."""

from infra.bootstrap.reach import Reach, actions
from infra.policy import Statement, allow

REPOSITORIES = (
    "CreateRepository DeleteLifecyclePolicy DeleteRepository DescribeImageScanFindings DescribeImages "
    "DescribeRepositories GetLifecyclePolicy ListImages ListTagsForResource PutImageScanningConfiguration "
    "PutImageTagMutability PutLifecyclePolicy TagResource UntagResource"
)
READ_IMAGES = "DescribeImageScanFindings DescribeImages DescribeRepositories ListImages ListTagsForResource"
SECRETS = (
    "CancelRotateSecret CreateSecret DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue ListSecretVersionIds "
    "PutSecretValue RotateSecret TagResource UntagResource UpdateSecret UpdateSecretVersionStage"
)
KEYS = (
    "CancelKeyDeletion CreateAlias DeleteAlias DescribeKey DisableKeyRotation EnableKeyRotation GetKeyPolicy "
    "GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias "
    "UpdateKeyDescription"
)
USE = "CreateGrant Decrypt DescribeKey GenerateDataKey RetireGrant"
GRANTING = ("ecr", "secretsmanager")  # services that use a customer's key with the rights of whoever asks them to


def statements(reach: Reach) -> list[Statement]:
    """By name; keys, whose names AWS chooses, by tag."""
    repositories = reach.named("ecr", "repository/ecr-repository-*-{suffix}")
    secrets = reach.named("secretsmanager", "secret:secret-*-{suffix}-??????")
    keys = [reach.arn("kms", "key/*")]
    aliases = reach.named("kms", "alias/kms-key-*-{suffix}")
    others = [reach.arn("ecr", f"repository/{name}") for name in reach.deploys.repositories]
    through = {"kms:ViaService": [f"{service}.{reach.region}.amazonaws.com" for service in GRANTING]}
    use = {"StringEquals": {**reach.tagged()["StringEquals"], **through}}
    found = [
        allow("Repositories", actions("ecr", REPOSITORIES), repositories),
        allow("Secrets", actions("secretsmanager", SECRETS), secrets),
        allow("NewKeys", actions("kms", "CreateKey"), ["*"], Condition=reach.asking()),
        allow("TagNewKeys", actions("kms", "TagResource"), keys, Condition=reach.untagged()),
        allow("Keys", actions("kms", KEYS), keys, Condition=reach.tagged()),
        allow("UseKeys", actions("kms", USE), keys, Condition=use),
        allow("Aliases", actions("kms", "CreateAlias DeleteAlias UpdateAlias"), aliases),
    ]
    return [*found, *([allow("ReadImages", actions("ecr", READ_IMAGES), others)] if others else [])]
