"""The role that CI deploys with: taken on through GitHub's identity provider, held by policies and by a boundary."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.data_aws_iam_openid_connect_provider import DataAwsIamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from infra import policy
from infra.bootstrap.grants import boundary, data, entrance, functions, identity, network, reading, services
from infra.bootstrap.reach import Reach
from infra.bootstrap.settings import BootstrapSettings, GitHub
from infra.bootstrap.state_bucket import StateBucket
from infra.context import place
from infra.problems import policy_too_long

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
SESSION_SECONDS = 7200  # a deployment of both platforms, a rollout that bakes, and its destroy
ADDRESS = "ci"
# Characters of a managed policy, white space not counted.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11-26)
LONGEST_POLICY = 6144


class CiRole(Construct):
    """Role, boundary, and one managed policy for each part of a platform."""

    def __init__(self, scope: Construct, settings: BootstrapSettings, reach: Reach, state: StateBucket) -> None:
        super().__init__(scope, "ci-role")
        self._prefix, self._reach = f"{settings.names_prefix}-ci", reach
        provider_arn = self._provider_arn(settings.github)
        bound = self._policy("boundary", self._boundary(state))
        self.role = place(
            self,
            IamRole,
            ADDRESS,
            name=self._prefix,
            description=f"Deploys from {settings.github.repository}",
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=bound.arn,
            assume_role_policy=trust(provider_arn, settings.github),
        )
        self._attach(
            {
                "network": network.statements(reach),
                "services": services.statements(reach),
                "entrance": entrance.statements(reach),
                "data": data.statements(reach),
                "functions": functions.statements(reach),
                "reading": reading.statements(reach),
                "identity": identity.statements(reach, state.bucket.arn, state.key.arn),
            }
        )

    def _provider_arn(self, github: GitHub) -> str:
        """AWS trusts GitHub's certificates by its own list of authorities, so no thumbprint is kept.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
        (2026-11-26)
        """
        if not github.create_provider:
            return place(self, DataAwsIamOpenidConnectProvider, "github", url=f"https://{ISSUER}").arn
        return place(self, IamOpenidConnectProvider, "github", url=f"https://{ISSUER}", client_id_list=[AUDIENCE]).arn

    def _boundary(self, state: StateBucket) -> list[policy.Statement]:
        """Names, not references: the boundary has to stand before the role that it speaks of."""
        own = [f"role/{self._prefix}", f"policy/{self._prefix}-*", f"oidc-provider/{ISSUER}"]
        arns = [self._reach.everywhere("iam", name, self._reach.account_id) for name in own]
        return boundary.statements(arns, state.bucket.arn, state.key.arn, "bootstrap/")

    def _policy(self, part: str, statements: list[policy.Statement]) -> IamPolicy:
        name, text = f"{self._prefix}-{part}", policy.document(statements)
        length = len(self._reach.filled_in(text).replace(" ", ""))
        if length > LONGEST_POLICY:
            raise policy_too_long(name, length, LONGEST_POLICY)
        return place(self, IamPolicy, f"{ADDRESS}-{part}", name=name, policy=text)

    def _attach(self, parts: Mapping[str, list[policy.Statement]]) -> None:
        for part, statements in parts.items():
            made = self._policy(part, statements)
            place(
                self,
                IamRolePolicyAttachment,
                f"{ADDRESS}-{part}",
                role=self.role.name,
                policy_arn=made.arn,
            )


def trust(provider_arn: str, github: GitHub) -> str:
    """Whole subjects, compared with StringEquals: nothing of another repository, branch or environment fits.

    Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
    (2026-11-26)
    """
    return policy.document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider_arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": list(github.subjects)},
                },
            }
        ]
    )
