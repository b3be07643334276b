"""The public entrance: one HTTPS listener that answers 404, and a rule per public service that forwards its paths."""

from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb, LbAccessLogs
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionFixedResponse,
)
from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleActionForward,
    LbListenerRuleActionForwardTargetGroup,
    LbListenerRuleCondition,
    LbListenerRuleConditionHttpHeader,
    LbListenerRuleConditionPathPattern,
)
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias
from constructs import Construct

from infra.access_logs import LOG_PREFIX, AccessLogs
from infra.certificate import ListenerCertificate
from infra.context import Context, Part
from infra.network import Network
from infra.planned_names import GREEN, TEST
from infra.settings.model import Routes, Service
from infra.traffic import HTTPS

NOT_FOUND = LbListenerDefaultActionFixedResponse(content_type="text/plain", message_body="Not found", status_code="404")


@dataclass(frozen=True)
class Entrance:
    """How requests come to a service. `green` and `test_rule` are there where rollouts are blue/green."""

    target_group: LbTargetGroup
    rule: LbListenerRule
    green: LbTargetGroup | None = None
    test_rule: LbListenerRule | None = None

    @property
    def rules(self) -> list[LbListenerRule]:
        return [self.rule, self.test_rule] if self.test_rule else [self.rule]


class LoadBalancer(Part):
    """An internet-facing Application Load Balancer in the public subnets."""

    def __init__(self, scope: Construct, context: Context, network: Network, security_group_id: str) -> None:
        super().__init__(scope, "load-balancer", context)
        self._vpc_id = network.vpc.id
        self.load_balancer = self._load_balancer(network, security_group_id)
        certificate = ListenerCertificate(self, context)
        self._listener = self._https_listener(certificate.arn)
        if certificate.host_name is not None:
            self._answer_at(certificate.host_name)

    def forward(self, service: Service, routes: Routes) -> Entrance:
        """Send the service's paths to a target group of its own, or to one of two where rollouts are blue/green."""
        paths = _condition(routes)
        target_group = self._target_group(service, routes)
        if service.rollout.blue_green is None:
            action = LbListenerRuleAction(type="forward", target_group_arn=target_group.arn)
            rule = self._rule(service.name, service.name, routes.priority, [paths], action)
            return Entrance(target_group, rule)
        green = self._target_group(service, routes, GREEN)
        test = service.rollout.blue_green.test_route
        header = LbListenerRuleConditionHttpHeader(http_header_name=test.header, values=[test.value])
        is_test = LbListenerRuleCondition(http_header=header)
        return Entrance(
            target_group,
            self._rule(service.name, service.name, routes.priority, [paths], _weighted(target_group, green)),
            green,
            self._rule(
                service.name, f"{service.name}{TEST}", test.priority, [paths, is_test], _weighted(green, target_group)
            ),
        )

    def _rule(
        self,
        owner: str,
        address: str,
        priority: int,
        conditions: list[LbListenerRuleCondition],
        action: LbListenerRuleAction,
    ) -> LbListenerRule:
        # AWS deletes no target group that a rule uses: a replaced one (another port) takes its rule along.
        groups = [owner] if action.forward is None else [owner, f"{owner}{GREEN}"]
        return self.add(
            LbListenerRule,
            address,
            owner,
            listener_arn=self._listener.arn,
            priority=priority,
            action=[action],
            condition=conditions,
            tags=self.name_tag("listener-rule", address),
            lifecycle=TerraformResourceLifecycle(
                replace_triggered_by=[f"aws_lb_target_group.{group}.arn" for group in groups],
                # From the first rollout on, ECS says which of the two groups gets the requests.
                ignore_changes=["action"] if action.forward else None,
            ),
        )

    def _load_balancer(self, network: Network, security_group_id: str) -> Lb:
        access_logs = AccessLogs(self, self.context)
        return self.add(
            Lb,
            "public",
            name=self.name("alb"),
            load_balancer_type="application",
            internal=False,
            subnets=network.public_subnet_ids,
            security_groups=[security_group_id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            enable_deletion_protection=False,
            access_logs=LbAccessLogs(bucket=access_logs.bucket.bucket, prefix=LOG_PREFIX, enabled=True),
            # AWS tries a write when access logs are switched on, and refuses a public load balancer in a closed VPC.
            depends_on=[access_logs.bucket_policy, network.internet_gateway],
        )

    def _https_listener(self, certificate_arn: str) -> LbListener:
        return self.add(
            LbListener,
            "https",
            load_balancer_arn=self.load_balancer.arn,
            port=HTTPS,
            protocol="HTTPS",
            ssl_policy=self.settings.load_balancer.tls_policy,
            certificate_arn=certificate_arn,
            default_action=[LbListenerDefaultAction(type="fixed-response", fixed_response=NOT_FOUND)],
            tags=self.name_tag("https-listener"),
        )

    def _target_group(self, service: Service, routes: Routes, color: str = "") -> LbTargetGroup:
        address = f"{service.name}{color}"
        return self.add(
            LbTargetGroup,
            address,
            service.name,
            name=self.name("target-group", address),
            vpc_id=self._vpc_id,
            target_type="ip",
            protocol="HTTP",
            port=service.port,
            deregistration_delay=str(self.settings.load_balancer.deregistration_delay_seconds),
            health_check=LbTargetGroupHealthCheck(
                enabled=True,
                protocol="HTTP",
                path=routes.health_check_path,
                matcher="200",
                interval=15,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
        )

    def _answer_at(self, host_name: str) -> None:
        self.add(
            Route53Record,
            "entrance",
            zone_id=str(self.settings.load_balancer.certificate.hosted_zone_id),
            name=host_name,
            type="A",
            alias=Route53RecordAlias(
                name=self.load_balancer.dns_name, zone_id=self.load_balancer.zone_id, evaluate_target_health=True
            ),
        )


def _condition(routes: Routes) -> LbListenerRuleCondition:
    return LbListenerRuleCondition(path_pattern=LbListenerRuleConditionPathPattern(values=list(routes.paths)))


def _weighted(first: LbTargetGroup, second: LbTargetGroup) -> LbListenerRuleAction:
    """All requests to the first of two groups: how both rules start, before ECS moves the weights.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html (2026-11-26)
    """
    groups = [
        LbListenerRuleActionForwardTargetGroup(arn=first.arn, weight=1),
        LbListenerRuleActionForwardTargetGroup(arn=second.arn, weight=0),
    ]
    return LbListenerRuleAction(type="forward", forward=LbListenerRuleActionForward(target_group=groups))
