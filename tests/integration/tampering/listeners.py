"""Changes of the listener of the payments stack, its certificates and its rules."""

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
            "suffix-tag",
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
            "suffix-tag",
            "target-group-members",
        ),
    ),
    Change(PAYMENTS, "the paths of the listener rule widened", paths_widened, "listener-rule-paths", RULE),
    Change(PAYMENTS, "the default action of the listener forwards", default_forwards, "default-answer", LISTENER),
)
