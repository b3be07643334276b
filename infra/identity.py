"""Two roles per service: one that starts its tasks, one that the running tasks act as."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from infra import policy
from infra.context import Context, Part
from infra.settings.model import Service


class Identity(Part):
    """Execution role: pull this service's image, write its logs, read its secrets. Task role: what settings grant."""

    def __init__(
        self,
        scope: Construct,
        context: Context,
        service: Service,
        repository_arn: str,
        log_group_arn: str,
        reads_secrets: Sequence[policy.Statement] = (),
    ) -> None:
        super().__init__(scope, "identity", context)
        self.execution_role = self._role("execution-role", service)
        self.task_role = self._role("task-role", service)
        starts_tasks = [*policy.pull_images([repository_arn]), policy.write_logs([log_group_arn]), *reads_secrets]
        self.policies = [self._grant(self.execution_role, "execution-role", service, starts_tasks)]
        if service.task_permissions:
            granted = policy.granted(service.task_permissions)
            self.policies.append(self._grant(self.task_role, "task-role", service, granted))

    def _role(self, kind: str, service: Service) -> IamRole:
        # ecs: covers tasks, services and clusters; the account and region are what AWS lets us pin at this point.
        # Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (2026-11-22)
        return self.add(
            IamRole,
            f"{service.name}-{kind}",
            service.name,
            name=self.name(kind, service.name),
            assume_role_policy=policy.trust(
                "ecs-tasks.amazonaws.com", self.context.account_id, self.context.arn("ecs", "*")
            ),
        )

    def _grant(self, role: IamRole, kind: str, service: Service, statements: list[policy.Statement]) -> IamRolePolicy:
        return self.add(
            IamRolePolicy,
            f"{service.name}-{kind}",
            name=self.name("role-policy", f"{service.name}-{kind}"),
            role=role.id,
            policy=policy.document(statements),
        )
