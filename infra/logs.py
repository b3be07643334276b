"""Log groups with the platform's retention and encryption: of the services, the VPC, and Container Insights."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from infra import policy
from infra.context import Context, Part
from infra.encryption_key import EncryptionKey


class Logs(Part):
    """Every log group of the platform; with customer-managed encryption they share one rotating key."""

    def __init__(self, scope: Construct, context: Context) -> None:
        super().__init__(scope, "logs", context)
        self._key_arn = None
        if self.settings.logs.encryption == "customer-managed":
            self._key_arn = EncryptionKey(self, context, "logs", "Log groups", [_use_by_logs(context)]).arn
        self.of_service = {
            service.name: self.group(service.name, self.name("log-group", service.name), service.name)
            for service in self.settings.services
        }
        self.of_flows = self.group("vpc-flows", self.name("log-group", "vpc-flows"))
        # Container Insights would make this group itself, without our retention, and leave it behind on destroy.
        cluster_name = self.name("ecs-cluster")
        self.of_insights = self.group("container-insights", f"/aws/ecs/containerinsights/{cluster_name}/performance")

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

    def group(self, address: str, name: str, owner: str = "") -> CloudwatchLogGroup:
        """A log group of the platform, whoever writes to it."""
        return self.add(
            CloudwatchLogGroup,
            address,
            owner,
            name=name,
            retention_in_days=self.settings.logs.retention_days,
            kms_key_id=self._key_arn,
        )


def _use_by_logs(context: Context) -> policy.Statement:
    """CloudWatch Logs may use the key, and only for log groups of this account and region.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html (2026-11-22)
    """
    return policy.allow(
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
        Principal={"Service": f"logs.{context.settings.region}.amazonaws.com"},
        Condition={
            "ArnLike": {"kms:EncryptionContext:aws:logs:arn": context.arn("logs", "log-group:*")},
        },
    )
