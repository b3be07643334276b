"""Changes of the load balancer of the payments stack."""

from typing import Any

from tests.integration.tampering.change import PAYMENTS, Change, Target, Undo, unknown

BALANCER, LISTENER, RULE, GROUP = (
    "aws_lb.public",
    "aws_lb_listener.https",
    "aws_lb_listener_rule.payment-api",
    "aws_lb_target_group.payment-api",
)
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
OTHER_CERTIFICATE = "arn:aws:iam::123456789012:server-certificate/old"


def listener_added(target: Target) -> Undo:
    elb = target.client("elbv2")
    made = elb.create_listener(
        LoadBalancerArn=target.id(BALANCER),
        Protocol="HTTP",
        Port=80,
        DefaultActions=[
            {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
        ],
    )
    return lambda: elb.delete_listener(ListenerArn=made["Listeners"][0]["ListenerArn"])


def tls_policy(target: Target) -> Undo:
    elb, values = target.client("elbv2"), target[LISTENER]

    def put(policy: str) -> None:
        elb.modify_listener(ListenerArn=values["id"], SslPolicy=policy)

    put("ELBSecurityPolicy-2016-08")
    return lambda: put(values["ssl_policy"])


def other_certificate(target: Target) -> Undo:
    """A certificate that was uploaded to IAM: ACM did not issue it, and nobody renews it."""
    elb, iam, values = target.client("elbv2"), target.client("iam"), target[LISTENER]
    uploaded = iam.upload_server_certificate(ServerCertificateName="other", CertificateBody=PEM, PrivateKey=PEM)

    def put(arn: str) -> None:
        elb.modify_listener(ListenerArn=values["id"], Certificates=[{"CertificateArn": arn}])

    put(uploaded["ServerCertificateMetadata"]["Arn"])

    def undo() -> None:
        put(values["certificate_arn"])
        iam.delete_server_certificate(ServerCertificateName="other")

    return undo


def certificate_added(target: Target) -> Undo:
    elb, arn = target.client("elbv2"), target.id(LISTENER)
    certificates = [{"CertificateArn": OTHER_CERTIFICATE}]
    elb.add_listener_certificates(ListenerArn=arn, Certificates=certificates)
    return lambda: elb.remove_listener_certificates(ListenerArn=arn, Certificates=certificates)


def rule_added(target: Target) -> Undo:
    elb, vpc = target.client("elbv2"), target.id("aws_vpc.main")
    group = elb.create_target_group(Name="elsewhere", Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    made = elb.create_rule(
        ListenerArn=target.id(LISTENER),
        Priority=1,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": arn}],
    )

    def undo() -> None:
        elb.delete_rule(RuleArn=made["Rules"][0]["RuleArn"])
        elb.delete_target_group(TargetGroupArn=arn)

    return undo


def paths_widened(target: Target) -> Undo:
    elb, values = target.client("elbv2"), target[RULE]

    def put(paths: list[str]) -> None:
        elb.modify_rule(
            RuleArn=values["id"], Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": paths}}]
        )

    put(["/*"])
    return lambda: put(values["condition"][0]["path_pattern"][0]["values"])


def default_forwards(target: Target) -> Undo:
    elb, arn = target.client("elbv2"), target.id(LISTENER)
    before = elb.describe_listeners(ListenerArns=[arn])["Listeners"][0]["DefaultActions"]
    elb.modify_listener(ListenerArn=arn, DefaultActions=[{"Type": "forward", "TargetGroupArn": target.id(GROUP)}])
    return lambda: elb.modify_listener(ListenerArn=arn, DefaultActions=before)


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
        "a listener on port 80",
        listener_added,
        "https-listeners-only",
        unknown("aws_lb_listener"),
        also=(
            "default-answer",
            "listener-rule-paths",
            "name-suffix",
            "required-tags",
        ),
    ),
    Change(PAYMENTS, "the TLS policy of the listener weakened", tls_policy, "listener-tls-policy", LISTENER),
    Change(
        PAYMENTS,
        "the certificate of the listener changed for one from elsewhere",
        other_certificate,
        "certificate-from-acm",
        LISTENER,
    ),
    Change(
        PAYMENTS,
        "a second certificate added to the listener",
        certificate_added,
        "known-kinds",
        unknown("aws_lb_listener_certificate"),
        also=("certificate-from-acm",),
    ),
    Change(
        PAYMENTS,
        "a listener rule that forwards elsewhere",
        rule_added,
        "listener-rule-paths",
        unknown("aws_lb_listener_rule"),
        also=(
            "name-pattern",
            "name-suffix",
            "required-tags",
            "target-group-members",
        ),
    ),
    Change(PAYMENTS, "the paths of the listener rule widened", paths_widened, "listener-rule-paths", RULE),
    Change(PAYMENTS, "the default action of the listener forwards", default_forwards, "default-answer", LISTENER),
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
            "security-group-rules",
        ),
    ),
)
