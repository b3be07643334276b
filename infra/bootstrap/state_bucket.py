"""The bucket of all states: versioned, encrypted with a key of its own, private, TLS only, and not to be destroyed."""

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from infra import policy
from infra.bootstrap.reach import Reach
from infra.bootstrap.settings import BootstrapSettings
from infra.context import place
from infra.encryption_key import ADMINISTRATION

DELETION_WINDOW_DAYS = 30  # the longest that AWS allows: with the key go all states
ADDRESS = "state"


class StateBucket(Construct):
    """Bucket and key; `prevent_destroy` holds both, and nothing is emptied by force."""

    def __init__(self, scope: Construct, settings: BootstrapSettings, reach: Reach) -> None:
        super().__init__(scope, "state-bucket")
        self._settings, self._reach = settings, reach
        kept = TerraformResourceLifecycle(prevent_destroy=True)
        name = f"{settings.names_prefix}-state-{reach.account_id}-{settings.region}"
        self.key = self._key(kept)
        self.bucket = place(self, S3Bucket, ADDRESS, bucket=name, force_destroy=False, lifecycle=kept)
        self._close_to_the_public()
        self._keep_versions()
        self._encrypt()
        place(self, S3BucketPolicy, ADDRESS, bucket=self.bucket.id, policy=self._policy_document())

    def _key(self, kept: TerraformResourceLifecycle) -> KmsKey:
        root = {"AWS": f"arn:{self._reach.partition}:iam::{self._reach.account_id}:root"}
        through = {
            "kms:CallerAccount": self._reach.account_id,
            "kms:ViaService": f"s3.{self._settings.region}.amazonaws.com",
        }
        use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
        key = place(
            self,
            KmsKey,
            ADDRESS,
            description="Terraform states",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=policy.document(
                [
                    policy.allow("AdministerKey", ADMINISTRATION, ["*"], Principal=root),
                    policy.allow("UseThroughS3", use, ["*"], Principal=root, Condition={"StringEquals": through}),
                ]
            ),
            lifecycle=kept,
        )
        place(self, KmsAlias, ADDRESS, name=f"alias/{self._settings.names_prefix}-state", target_key_id=key.key_id)
        return key

    def _close_to_the_public(self) -> None:
        place(
            self,
            S3BucketPublicAccessBlock,
            ADDRESS,
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        enforced = S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced")
        place(self, S3BucketOwnershipControls, ADDRESS, bucket=self.bucket.id, rule=enforced)

    def _keep_versions(self) -> None:
        """Every write keeps what was there before; nothing that is current ever expires."""
        enabled = S3BucketVersioningVersioningConfiguration(status="Enabled")
        versioning = place(self, S3BucketVersioningA, ADDRESS, bucket=self.bucket.id, versioning_configuration=enabled)
        rule = S3BucketLifecycleConfigurationRule(
            id="expire-noncurrent-versions",
            status="Enabled",
            filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
            noncurrent_version_expiration=[
                S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                    noncurrent_days=self._settings.state.keep_versions_days
                )
            ],
            # Locks leave delete markers behind, one a run.
            expiration=[S3BucketLifecycleConfigurationRuleExpiration(expired_object_delete_marker=True)],
            abort_incomplete_multipart_upload=[
                S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=1)
            ],
        )
        place(
            self,
            S3BucketLifecycleConfiguration,
            ADDRESS,
            bucket=self.bucket.id,
            rule=[rule],
            depends_on=[versioning],  # S3 refuses a rule about versions where there are none
        )

    def _encrypt(self) -> None:
        """SSE-KMS with the bucket's own key; the bucket key keeps the calls to KMS few."""
        by_default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="aws:kms", kms_master_key_id=self.key.arn
        )
        rule = S3BucketServerSideEncryptionConfigurationRuleA(
            apply_server_side_encryption_by_default=by_default, bucket_key_enabled=True
        )
        place(self, S3BucketServerSideEncryptionConfigurationA, ADDRESS, bucket=self.bucket.id, rule=[rule])

    def _policy_document(self) -> str:
        refuse_plain_http: policy.Statement = {
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [self.bucket.arn, f"{self.bucket.arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return policy.document([refuse_plain_http])
