"""The public entrance: HTTPS with a certificate from ACM, 404 by default, payment-api's paths forwarded on 8080."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when, without
from tests.unit.infra.stack import Stack, needs, only

LISTENER = "aws_lb_listener/https"
RULE = "aws_lb_listener_rule/payment-api"
GROUP = "aws_lb_target_group/payment-api"

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html (2026-11-22)
TLS_1_2_OR_NEWER = {
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
}


@pytest.mark.clause("P.4.1", proof="synth")
@red_when(
    change(f"{LISTENER}/protocol", "HTTP"),
    change(f"{LISTENER}/port", 80),
    change(f"{LISTENER}/ssl_policy", "ELBSecurityPolicy-2016-08"),
    drop(f"{LISTENER}/ssl_policy"),
    drop(LISTENER),
    add("aws_lb_listener/http", {"port": 80, "protocol": "HTTP", "default_action": [{"type": "redirect"}]}),
    add("aws_lb/second", {"name": "alb-second-production-pr42"}),
)
def test_the_load_balancer_listens_on_https_only_with_tls_1_2_or_newer(stack: Stack) -> None:
    assert stack.one("aws_lb")["load_balancer_type"] == "application"
    listener = stack.one("aws_lb_listener")
    assert (listener["protocol"], listener["port"]) == ("HTTPS", 443)
    assert listener.get("ssl_policy") in TLS_1_2_OR_NEWER


@pytest.mark.clause("P.4.2", proof="synth")
@red_when(
    change(f"{LISTENER}/certificate_arn", "arn:aws:iam::123456789012:server-certificate/own"),
    change(f"{LISTENER}/certificate_arn", "${aws_acm_certificate.main.arn}"),
    change("aws_acm_certificate/main/validation_method", "EMAIL"),
    change("aws_acm_certificate/main/domain_name", "payments.example.com"),
    change("aws_acm_certificate_validation/main/validation_record_fqdns", []),
    change("aws_route53_record/certificate-validation/zone_id", "Z0ANOTHER"),
    change("aws_route53_record/certificate-validation/records", ["fixed"]),
)
def test_the_listener_uses_an_acm_certificate_validated_in_the_hosted_zone(stack: Stack) -> None:
    validation = stack.target(
        stack.one("aws_lb_listener")["certificate_arn"], "aws_acm_certificate_validation", "certificate_arn"
    )
    certificate = stack.target(validation["certificate_arn"], "aws_acm_certificate", "arn")
    assert certificate["domain_name"] == "pr42.payments.example.com"
    assert certificate["validation_method"] == "DNS"
    fqdn = only(validation["validation_record_fqdns"])
    record = stack.target(fqdn, "aws_route53_record", "fqdn")
    assert record["zone_id"] == "Z0EXAMPLE0PAYMENTS01"
    for argument, option in (("name", "name"), ("type", "type"), ("records", "value")):
        assert "aws_acm_certificate.main.domain_validation_options" in str(record[argument])
        assert f"resource_record_{option}" in str(record[argument])


@red_when(
    change("aws_route53_record/entrance/name", "payments.example.com"),
    change("aws_route53_record/entrance/alias/name", "elsewhere.example.com"),
    change("aws_route53_record/entrance/alias/zone_id", "Z0ANOTHER"),
)
def test_the_name_on_the_certificate_leads_to_the_load_balancer(stack: Stack) -> None:
    record = stack.named("aws_route53_record", "name", "pr42.payments.example.com")
    assert record["type"] == "A"
    stack.target(record["alias"]["name"], "aws_lb", "dns_name")
    stack.target(record["alias"]["zone_id"], "aws_lb", "zone_id")


@pytest.mark.clause("P.4.3", proof="synth")
@red_when(
    change(f"{RULE}/condition/0/path_pattern/values", ["/*"]),
    drop(f"{RULE}/condition/0/path_pattern"),
    change(f"{RULE}/action/0/type", "redirect"),
    change(f"{RULE}/listener_arn", "another"),
    change(f"{LISTENER}/default_action", [{"type": "forward", "target_group_arn": "x"}]),
    change(f"{LISTENER}/default_action/0/fixed_response/status_code", "200"),
    add("aws_lb_listener_rule/fraud-detection", {"action": [{"type": "forward"}]}),
    change("aws_ecs_service/payment-api/load_balancer/0/target_group_arn", "another"),
)
def test_the_payment_paths_go_to_payment_api_and_all_others_are_answered_404(stack: Stack) -> None:
    listener = stack.one("aws_lb_listener")
    default = only(listener["default_action"])
    assert default["type"] == "fixed-response"
    assert default["fixed_response"]["status_code"] == "404"
    rule = stack.one("aws_lb_listener_rule")
    assert stack.target(rule["listener_arn"], "aws_lb_listener", "arn") is listener
    assert [condition.get("path_pattern") for condition in rule["condition"]] == [
        {"values": ["/payments", "/payments/*"]}
    ]
    action = only(rule["action"])
    assert action["type"] == "forward"
    attachment = only(stack.service("payment-api")["load_balancer"])
    assert action["target_group_arn"] == attachment["target_group_arn"]


@pytest.mark.clause("P.4.4", proof="synth")
@red_when(
    change(f"{GROUP}/port", 80),
    change("aws_ecs_service/payment-api/load_balancer/0/container_port", 80),
    change("aws_ecs_task_definition/payment-api/container_definitions/0/portMappings/0/containerPort", 80),
    change("aws_vpc_security_group_ingress_rule/alb-to-payment-api/to_port", 8081),
    change("aws_vpc_security_group_egress_rule/alb-to-payment-api/from_port", 80),
)
def test_the_load_balancer_reaches_payment_api_on_port_8080(stack: Stack) -> None:
    attachment = only(stack.service("payment-api")["load_balancer"])
    mapping = only(stack.container("payment-api")["portMappings"])
    group = stack.target(attachment["target_group_arn"], "aws_lb_target_group", "arn")
    assert (group["port"], attachment["container_port"], mapping["containerPort"]) == (8080, 8080, 8080)
    for kind in ("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"):
        rule = stack.all(kind)["alb-to-payment-api"]
        assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", 8080, 8080)


@red_when(
    change(f"{GROUP}/health_check/enabled", False),
    change(f"{GROUP}/health_check/path", "/"),
    change(f"{GROUP}/health_check/matcher", "200-499"),
    change(f"{GROUP}/health_check/timeout", 20),
    drop(f"{GROUP}/health_check"),
)
def test_the_load_balancer_checks_the_health_of_its_targets(stack: Stack) -> None:
    check = stack.one("aws_lb_target_group").get("health_check", {})
    assert check.get("enabled") is True
    assert (check["path"], check["matcher"]) == ("/health", "200")
    assert check["timeout"] < check["interval"]


@red_when(
    change("aws_lb/public/drop_invalid_header_fields", False),
    drop("aws_lb/public/drop_invalid_header_fields"),
    drop("aws_lb/public/desync_mitigation_mode"),
)
def test_the_load_balancer_drops_invalid_headers_and_ambiguous_requests(stack: Stack) -> None:
    load_balancer = stack.one("aws_lb")
    assert load_balancer.get("drop_invalid_header_fields") is True
    assert load_balancer.get("desync_mitigation_mode") == "strictest"


@red_when(
    change("aws_lb/public/internal", True),
    change("aws_lb/public/subnets/0", "${aws_subnet.private-us-east-1a.id}"),
    drop("aws_lb/public/subnets/2"),
    add("aws_lb/public/security_groups/+", "${aws_security_group.payment-api.id}"),
)
def test_the_load_balancer_faces_the_internet_in_the_public_subnet_of_each_zone(stack: Stack) -> None:
    load_balancer = stack.one("aws_lb")
    assert load_balancer["internal"] is False
    subnets = [stack.target(subnet, "aws_subnet", "id") for subnet in load_balancer["subnets"]]
    assert [subnet["tags"]["Name"] for subnet in subnets] == [
        f"public-subnet-us-east-1{zone}-production-pr42" for zone in "abc"
    ]
    assert load_balancer["security_groups"] == ["${aws_security_group.alb.id}"]


@red_when(without("aws_lb/public/depends_on", "aws_s3_bucket_policy.access-logs"), drop("aws_lb/public/depends_on"))
def test_the_load_balancer_waits_for_the_permission_to_write_access_logs(stack: Stack) -> None:
    """AWS tries a write when access logs are switched on."""
    assert "aws_s3_bucket_policy.access-logs" in needs(stack, "aws_lb.public")


@red_when(without("aws_lb/public/depends_on", "aws_internet_gateway.main"), drop("aws_lb/public/depends_on"))
def test_the_load_balancer_waits_for_the_internet_gateway(stack: Stack) -> None:
    """AWS refuses a public load balancer in a VPC that has none yet (hashicorp/terraform-provider-aws#3494)."""
    assert "aws_internet_gateway.main" in needs(stack, "aws_lb.public")
