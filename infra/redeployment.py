"""New tasks after a rotation: ECS gives a task its secrets at start, so a running one keeps the value of before.

Secrets Manager itself tells EventBridge that AWSCURRENT has moved; no trail is needed. Why this way:
docs/decisions/0012-redeploy-after-rotation.md
"""

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from constructs import Construct

from infra import lambda_package, policy
from infra.context import Context, Part
from infra.function import Function, Grounds, Program
from infra.planned_names import HTTPS_OUT, REDEPLOYMENT
from infra.rotation import TO_AWS
from infra.secrets import CURRENT, Secrets

HANDLER = "redeploy.handler.handle"
TIMEOUT_SECONDS = 30


class Redeployment(Part):
    """A rule on the event of each secret, and a function that starts a deployment of the services that use it."""

    def __init__(self, scope: Construct, context: Context, secrets: Secrets, grounds: Grounds) -> None:
        super().__init__(scope, REDEPLOYMENT, context)
        self._secrets = secrets
        deploys = Function(self, context, REDEPLOYMENT, "", grounds, self._program())
        rule = self.add(
            CloudwatchEventRule,
            REDEPLOYMENT,
            name=self.name("event-rule", REDEPLOYMENT),
            description="A secret of a service has a new value",
            event_pattern=self._pattern(),
        )
        self.add(
            CloudwatchEventTarget,
            REDEPLOYMENT,
            rule=rule.name,
            target_id=REDEPLOYMENT,
            arn=deploys.function.arn,
            depends_on=[deploys.let_in("RunByTheRuleOnly", "events.amazonaws.com", rule.arn)],
        )

    def _pattern(self) -> str:
        """Source:
        https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
        (2026-11-26)
        """
        return json.dumps(
            {
                "source": ["aws.secretsmanager"],
                "detail-type": ["Secret Label Updated"],
                "resources": [held.secret.arn for held in self._secrets.held],
                "detail": {"labelUpdated": [CURRENT]},
            }
        )

    def _program(self) -> Program:
        cluster = self.name("ecs-cluster")
        services = {held.secret.arn: [self.name("ecs-service", held.service)] for held in self._secrets.held}
        named = dict.fromkeys(name for names in services.values() for name in names)
        may_deploy = policy.allow(
            "DeployAnew",
            ["ecs:DescribeServices", "ecs:UpdateService"],
            [self.context.arn("ecs", f"service/{cluster}/{name}") for name in named],
        )
        return Program(
            description="Starts a deployment of the services whose secret has changed",
            package_name="redeploy.zip",
            package=lambda_package.build("redeploy"),
            handler=HANDLER,
            timeout_seconds=TIMEOUT_SECONDS,
            environment={"CLUSTER": cluster, "SERVICES": json.dumps(services)},
            ways_out={HTTPS_OUT: TO_AWS},
            may=[may_deploy],
        )
