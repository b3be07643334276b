"""Changes of the load balancer of the payments stack and of its target group."""

from typing import Any

from tests.integration.tampering.change import PAYMENTS, Change, Target, Undo, unknown

BALANCER, GROUP = "aws_lb.public", "aws_lb_target_group.payment-api"


def balancer_attribute(key: str, value: str) -> Any:
    def make(target: Target) -> Undo:
        elb, arn = target.client("elbv2"), target.id(BALANCER)
        before = {
            item["Key"]: item["Value"]
            for item in elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        }

        def put(text: str) -> None:
            elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": text}])

        put(value)
        return lambda: put(before[key])

    return make


def health_check(target: Target) -> Undo:
    elb, values = target.client("elbv2"), target[GROUP]

    def put(codes: str) -> None:
        elb.modify_target_group(TargetGroupArn=values["id"], Matcher={"HttpCode": codes})

    put("200-499")
    return lambda: put(values["health_check"][0]["matcher"])


def target_registered(target: Target) -> Undo:
    elb, targets = target.client("elbv2"), [{"Id": "10.20.250.250", "Port": 8080}]
    place = {"TargetGroupArn": target.id(GROUP), "Targets": targets}
    elb.register_targets(**place)
    return lambda: elb.deregister_targets(**place)


def balancer_added(target: Target) -> Undo:
    elb = target.client("elbv2")
    subnets = [target.id(f"aws_subnet.public-us-east-1{zone}") for zone in "ab"]
    made = elb.create_load_balancer(
        Name="second", Subnets=subnets, SecurityGroups=[target.id("aws_security_group.alb")]
    )
    return lambda: elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"])


CHANGES = (
    Change(
        PAYMENTS,
        "invalid headers let through",
        balancer_attribute("routing.http.drop_invalid_header_fields.enabled", "false"),
        "load-balancer-headers",
        BALANCER,
    ),
    Change(
        PAYMENTS,
        "access logs switched off",
        balancer_attribute("access_logs.s3.enabled", "false"),
        "access-logs",
        BALANCER,
    ),
    Change(
        PAYMENTS,
        "desync mitigation only watches",
        balancer_attribute("routing.http.desync_mitigation_mode", "monitor"),
        "load-balancer-desync",
        BALANCER,
    ),
    Change(
        PAYMENTS,
        "the load balancer protected from deletion",
        balancer_attribute("deletion_protection.enabled", "true"),
        "destroyable",
        BALANCER,
    ),
    Change(
        PAYMENTS,
        "the health check of the target group content with errors",
        health_check,
        "target-group-health-check",
        GROUP,
    ),
    Change(
        PAYMENTS,
        "a target registered by hand",
        target_registered,
        "known-kinds",
        unknown("aws_lb_target_group_attachment"),
        also=("target-group-members",),
    ),
    Change(
        PAYMENTS,
        "a second load balancer in the VPC",
        balancer_added,
        "load-balancer-exposure",
        unknown("aws_lb"),
        also=(
            "access-logs",
            "load-balancer-headers",
            "load-balancer-zones",
            "name-pattern",
            "name-suffix",
            "reachability",
            "required-tags",
            "suffix-tag",
            "security-group-rules",
        ),
    ),
)
