"""How ECS replaces a version: task by task with a circuit breaker, or blue/green behind the load balancer.

Why each, with sources: docs/decisions/0011-blue-green.md
"""

from typing import Any

from cdktf_cdktf_provider_aws.ecs_service import (
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceDeploymentConfiguration,
    EcsServiceDeploymentConfigurationCanaryConfiguration,
    EcsServiceDeploymentConfigurationLifecycleHook,
    EcsServiceDeploymentConfigurationLinearConfiguration,
    EcsServiceLoadBalancerAdvancedConfiguration,
)
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from infra import policy
from infra.context import Context, Part
from infra.load_balancer import Entrance
from infra.settings.model import BlueGreen, Service

STRATEGIES = {"all-at-once": "BLUE_GREEN", "canary": "CANARY", "linear": "LINEAR"}


def task_by_task() -> dict[str, Any]:
    """Arguments of a service whose tasks are replaced one by one, and put back when they do not start."""
    return {"deployment_circuit_breaker": EcsServiceDeploymentCircuitBreaker(enable=True, rollback=True)}


class BlueGreenRollout(Part):
    """A second set of tasks that requests move to and back; `policies` have to stand as long as ECS may move them."""

    def __init__(
        self,
        scope: Construct,
        context: Context,
        service: Service,
        wanted: BlueGreen,
        entrance: Entrance,
    ) -> None:
        super().__init__(scope, "rollout", context)
        self._service, self._wanted, self._entrance = service, wanted, entrance
        self.policies: list[IamRolePolicy] = []
        role = self._role("infrastructure-role", "ecs.amazonaws.com", self._moves_requests())
        self._hooks = self._ask_hooks() if wanted.hooks else None
        assert entrance.green is not None and entrance.test_rule is not None  # noqa: S101, PT018 - made with this block
        self.of_target = EcsServiceLoadBalancerAdvancedConfiguration(
            alternate_target_group_arn=entrance.green.arn,
            production_listener_rule=entrance.rule.arn,
            test_listener_rule=entrance.test_rule.arn,
            role_arn=role.arn,
        )

    def arguments(self) -> dict[str, Any]:
        """Arguments of the service."""
        wanted = self._wanted
        percent, minutes = wanted.step_percent, str(wanted.step_bake_time_minutes)
        canary = EcsServiceDeploymentConfigurationCanaryConfiguration(
            canary_percent=percent, canary_bake_time_in_minutes=minutes
        )
        linear = EcsServiceDeploymentConfigurationLinearConfiguration(
            step_percent=percent, step_bake_time_in_minutes=minutes
        )
        return {
            "deployment_configuration": EcsServiceDeploymentConfiguration(
                strategy=STRATEGIES[wanted.shift],
                bake_time_in_minutes=str(wanted.bake_time_minutes),
                canary_configuration=canary if wanted.shift == "canary" else None,
                linear_configuration=linear if wanted.shift == "linear" else None,
                lifecycle_hook=self._hooks,
            )
        }

    def _ask_hooks(self) -> list[EcsServiceDeploymentConfigurationLifecycleHook]:
        """Hooks, and the role that may call just them."""
        hooks = self._wanted.hooks
        asks = policy.allow("AskHooks", ["lambda:InvokeFunction"], [hook.function_arn for hook in hooks])
        role = self._role("hook-role", "ecs.amazonaws.com", [asks])
        return [
            EcsServiceDeploymentConfigurationLifecycleHook(
                hook_target_arn=hook.function_arn, role_arn=role.arn, lifecycle_stages=list(hook.stages)
            )
            for hook in hooks
        ]

    def _moves_requests(self) -> list[policy.Statement]:
        """Narrower than AmazonECSInfrastructureRolePolicyForLoadBalancers: the two rules and groups of this service.

        Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
        (2026-11-26)
        """
        groups = [self._entrance.target_group, self._entrance.green]
        return [
            policy.allow(
                "SeeLoadBalancer",
                [
                    "elasticloadbalancing:DescribeListeners",
                    "elasticloadbalancing:DescribeRules",
                    "elasticloadbalancing:DescribeTargetGroups",
                    "elasticloadbalancing:DescribeTargetHealth",
                ],
                ["*"],
            ),
            policy.allow(
                "MoveRequests",
                ["elasticloadbalancing:ModifyRule"],
                [rule.arn for rule in self._entrance.rules],
            ),
            policy.allow(
                "RegisterTasks",
                ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
                [group.arn for group in groups if group],
            ),
        ]

    def _role(self, kind: str, principal: str, statements: list[policy.Statement]) -> IamRole:
        address = f"{self._service.name}-{kind}"
        role = self.add(
            IamRole,
            address,
            self._service.name,
            name=self.name(kind, self._service.name),
            assume_role_policy=policy.trust(principal, self.context.account_id, self.context.arn("ecs", "*")),
        )
        self.policies.append(
            self.add(
                IamRolePolicy,
                address,
                name=self.name("role-policy", address),
                role=role.id,
                policy=policy.document(statements),
            )
        )
        return role
