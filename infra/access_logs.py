"""The bucket of the load balancer's access logs: private, encrypted, TLS only, emptied by age, destroyable."""

from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
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
from constructs import Construct

from infra import policy
from infra.context import Context, Part

LOG_PREFIX = "alb"


class AccessLogs(Part):
    """Bucket names are shared by all of AWS, so this one carries the account id."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "access-logs", context)
        self.bucket = self.add(
            S3Bucket,
            "access-logs",
            bucket=self.context.names.of("s3-bucket", "access-logs", account_id=self.context.account_id),
            force_destroy=True,
        )
        self._close_to_the_public()
        self._encrypt()
        self._expire()
        self.bucket_policy = self.add(
            S3BucketPolicy, "access-logs", bucket=self.bucket.id, policy=self._policy_document()
        )

    def _close_to_the_public(self) -> None:
        self.add(
            S3BucketPublicAccessBlock,
            "access-logs",
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        self.add(
            S3BucketOwnershipControls,
            "access-logs",
            bucket=self.bucket.id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )

    def _encrypt(self) -> None:
        """SSE-S3, the only encryption that load balancers can write with."""
        by_default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="AES256"
        )
        self.add(
            S3BucketServerSideEncryptionConfigurationA,
            "access-logs",
            bucket=self.bucket.id,
            rule=[S3BucketServerSideEncryptionConfigurationRuleA(apply_server_side_encryption_by_default=by_default)],
        )

    def _expire(self) -> None:
        days = self.settings.load_balancer.access_log_retention_days
        self.add(
            S3BucketLifecycleConfiguration,
            "access-logs",
            bucket=self.bucket.id,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="expire-access-logs",
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],  # nothing else is in this bucket
                    expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=days)],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=1)
                    ],
                )
            ],
        )

    def _policy_document(self) -> str:
        """Load balancers of this account may write; nobody may speak plain HTTP.

        Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
        (2026-11-22)
        """
        deliver = policy.allow(
            "DeliverAccessLogs",
            ["s3:PutObject"],
            [f"{self.bucket.arn}/{LOG_PREFIX}/AWSLogs/{self.context.account_id}/*"],
            Principal={"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            Condition={"ArnLike": {"aws:SourceArn": self.context.arn("elasticloadbalancing", "loadbalancer/*")}},
        )
        refuse_plain_http: policy.Statement = {
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [self.bucket.arn, f"{self.bucket.arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return policy.document([deliver, refuse_plain_http])
