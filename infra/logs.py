"""Log groups with the platform's retention and encryption: of the services, the VPC, and Container Insights."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from infra import policy
from infra.context import Context, Part

KEY_ADMINISTRATION = [
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


class Logs(Part):
    """Every log group of the platform; with customer-managed encryption they share one rotating key."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "logs", context)
        self._key_arn = self._key().arn if self.settings.logs.encryption == "customer-managed" else None
        self.of_service = {
            service.name: self._group(service.name, self.name("log-group", service.name))
            for service in self.settings.services
        }
        self.of_flows = self._group("vpc-flows", self.name("log-group", "vpc-flows"))
        # Container Insights would make this group itself, without our retention, and leave it behind on destroy.
        cluster_name = self.name("ecs-cluster")
        self.of_insights = self._group("container-insights", f"/aws/ecs/containerinsights/{cluster_name}/performance")

    def record_flows(self, vpc_id: str) -> None:
        """Send accepted and rejected flows of the VPC to their group (PCI DSS 10.2.1)."""
        role = self.add(
            IamRole,
            "flow-log",
            name=self.name("flow-log-role"),
            assume_role_policy=policy.trust(
                "vpc-flow-logs.amazonaws.com", self.context.account_id, self.context.arn("ec2", "vpc-flow-log/*")
            ),
        )
        writes = policy.allow(
            "WriteFlows",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [self.of_flows.arn, f"{self.of_flows.arn}:log-stream:*"],
        )
        role_policy = self.add(
            IamRolePolicy,
            "flow-log",
            name=self.name("role-policy", "flow-log"),
            role=role.id,
            policy=policy.document([writes]),
        )
        self.add(
            FlowLog,
            "vpc",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=self.of_flows.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            tags=self.name_tag("flow-log"),
            depends_on=[role_policy],
        )

    def _group(self, address: str, name: str) -> CloudwatchLogGroup:
        return self.add(
            CloudwatchLogGroup,
            address,
            name=name,
            retention_in_days=self.settings.logs.retention_days,
            kms_key_id=self._key_arn,
        )

    def _key(self) -> KmsKey:
        """A key that only CloudWatch Logs may use, and only for log groups of this account and region.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (2026-11-22)
        """
        account_root = f"arn:{self.context.partition}:iam::{self.context.account_id}:root"
        use_by_logs = policy.allow(
            "EncryptLogGroups",
            [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            ["*"],
            Principal={"Service": f"logs.{self.settings.region}.amazonaws.com"},
            Condition={
                "ArnLike": {"kms:EncryptionContext:aws:logs:arn": self.context.arn("logs", "log-group:*")},
            },
        )
        administration = policy.allow("AdministerKey", KEY_ADMINISTRATION, ["*"], Principal={"AWS": account_root})
        key = self.add(
            KmsKey,
            "logs",
            description=f"Log groups of {self.settings.stack_name}",
            enable_key_rotation=True,
            deletion_window_in_days=7,
            policy=policy.document([administration, use_by_logs]),
            tags=self.name_tag("kms-key", "logs"),
        )
        self.add(KmsAlias, "logs", name=self.name("kms-alias", "logs"), target_key_id=key.key_id)
        return key
