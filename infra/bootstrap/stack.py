"""The bootstrap stack; reads like a table of contents."""

from cdktf import LocalBackend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from infra.bootstrap.ci_role import CiRole
from infra.bootstrap.reach import Reach
from infra.bootstrap.settings import STACK_NAME, BootstrapSettings
from infra.bootstrap.state_bucket import StateBucket
from infra.versions import PROVIDER_RANGE


class BootstrapStack(TerraformStack):
    """State bucket and CI role of one account and region."""

    def __init__(self, scope: Construct, settings: BootstrapSettings) -> None:
        super().__init__(scope, STACK_NAME)
        LocalBackend(self, path=f"{STACK_NAME}.tfstate")
        self.add_override("terraform.required_providers.aws.version", PROVIDER_RANGE)
        AwsProvider(
            self, "aws", region=settings.region, default_tags=[AwsProviderDefaultTags(tags=dict(settings.tags))]
        )
        reach = Reach(
            deploys=settings.deploys,
            region=settings.region,
            account_id=DataAwsCallerIdentity(self, "current").account_id,
            partition=DataAwsPartition(self, "partition").partition,
        )
        state = StateBucket(self, settings, reach)
        role = CiRole(self, settings, reach, state)
        TerraformOutput(self, "state_bucket", value=state.bucket.bucket)
        TerraformOutput(self, "ci_role_arn", value=role.role.arn)
