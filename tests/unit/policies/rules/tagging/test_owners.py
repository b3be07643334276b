"""Who owns what, by the names that resources bear."""

import pytest

from policies.graph.terraform_json import load_document
from policies.rules.tagging._owners import owner_of
from policies.spec import load_spec


@pytest.mark.clause("G.9.4", proof="synth")
@pytest.mark.parametrize(
    ("kind", "values", "owner"),
    [
        ("aws_ecs_service", {"name": "ecs-service-api-gateway-pr42"}, "api-gateway"),
        ("aws_ecs_cluster", {"name": "ecs-cluster-pr42"}, "platform"),
        ("aws_iam_role", {"name": "infrastructure-role-api-gateway-pr42"}, "api-gateway"),
        ("aws_iam_role", {"name": "flow-log-role-pr42"}, "platform"),
        ("aws_lb_target_group", {"name": "tg-api-gateway-green-pr42"}, "api-gateway"),
        ("aws_lb_target_group", {"name": "tg-api-gateways-pr42"}, "platform"),
        ("aws_security_group", {"name": "security-group-shared-api-gateway-pr42"}, "platform"),
        ("aws_subnet", {"tags": {"Name": "private-subnet-us-east-1a-pr42"}}, "platform"),
        ("aws_lb_listener_rule", {"tags": {"Name": "listener-rule-api-gateway-test-pr42"}}, "api-gateway"),
        (
            "aws_acm_certificate",
            {"domain_name": "api-gateway.example.com", "tags": {"Name": "certificate-pr42"}},
            "platform",
        ),
        ("aws_cloudwatch_log_group", {"name": "log-group-fraud-detector-pr42"}, "fraud-detector"),
        ("aws_eip", {}, "platform"),
    ],
)
def test_a_name_says_whose_it_is(kind: str, values: dict[str, object], owner: str) -> None:
    graph = load_document({"resource": {kind: {"a": values}}})
    assert owner_of(graph.resources[f"{kind}.a"], graph, load_spec("gateway")) == owner


@pytest.mark.parametrize(
    ("group", "owner"),
    [("security-group-fraud-detector-pr42", "fraud-detector"), ("security-group-alb-pr42", "platform")],
)
def test_a_rule_belongs_to_the_owner_of_its_group(group: str, owner: str) -> None:
    rule = {"security_group_id": "${aws_security_group.a.id}", "tags": {"Name": "security-group-rule-api-gateway-pr42"}}
    document = {
        "resource": {"aws_security_group": {"a": {"name": group}}, "aws_vpc_security_group_egress_rule": {"a": rule}}
    }
    graph = load_document(document)
    assert owner_of(graph.resources["aws_vpc_security_group_egress_rule.a"], graph, load_spec("gateway")) == owner


@pytest.mark.parametrize(
    ("scaled", "owner"), [("service/c/ecs-service-api-gateway-pr42", "api-gateway"), ("table/x", "platform")]
)
def test_a_scaling_target_belongs_to_what_it_scales(scaled: str, owner: str) -> None:
    document = {
        "resource": {
            "aws_ecs_cluster": {"c": {"name": "c"}},
            "aws_ecs_service": {"a": {"name": "ecs-service-api-gateway-pr42", "cluster": "${aws_ecs_cluster.c.arn}"}},
            "aws_appautoscaling_target": {"a": {"resource_id": scaled}},
        }
    }
    graph = load_document(document)
    assert owner_of(graph.resources["aws_appautoscaling_target.a"], graph, load_spec("gateway")) == owner
