"""Answers of AWS become attributes of the provider, as a state would show them."""

from typing import Any

import pytest

from delivery.verify.finding import KINDS
from tests.unit.delivery.verify.answers import ANSWERS, GROUP, OTHER_GROUP, TASKS

OF = {kind.type: kind for kind in KINDS}

# type -> a few attributes on which the rules depend, with what they must say for the answer of that type.
EXPECTED: dict[str, dict[str, Any]] = {
    "aws_lb": {
        "internal": False,
        "subnets": ["subnet-1"],
        "drop_invalid_header_fields": True,
        "access_logs": [{"enabled": False, "bucket": "", "prefix": ""}],
        "tags": {"Team": "payments"},
    },
    "aws_elb": {
        "listener": [{"lb_port": 80, "lb_protocol": "http", "instance_port": 8080, "instance_protocol": "http"}]
    },
    "aws_lb_listener": {"port": 80, "protocol": "HTTP", "certificate_arn": None, "ssl_policy": None},
    "aws_lb_listener_rule": {
        "priority": 1,
        "condition": [
            {"path_pattern": [{"values": ["/*"]}]},
            {"http_header": [{"http_header_name": "x-test", "values": ["1"]}]},
            {"query_string": [{"key": "a", "value": "b"}]},
        ],
    },
    "aws_lb_target_group_attachment": {"target_group_arn": GROUP, "target_id": "10.20.250.250"},
    "aws_vpc_security_group_ingress_rule": {"from_port": 22, "to_port": 22, "cidr_ipv4": "0.0.0.0/0"},
    "aws_vpc_security_group_egress_rule": {
        "ip_protocol": "-1",
        "from_port": None,
        "to_port": None,
        "referenced_security_group_id": "sg-2",
    },
    "aws_network_acl": {
        "egress": [],
        "ingress": [
            {
                "rule_no": 100,
                "action": "allow",
                "protocol": "6",
                "cidr_block": "10.0.0.0/8",
                "ipv6_cidr_block": "",
                "from_port": 443,
                "to_port": 443,
            }
        ],
    },
    "aws_route": {"destination_cidr_block": "203.0.113.0/24", "gateway_id": "igw-1"},
    "aws_route53_zone": {"name": "api.example.com"},
    "aws_ecs_service": {
        "network_configuration": [{"subnets": ["subnet-1"], "security_groups": ["sg-1"], "assign_public_ip": True}],
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1, "base": 0}],
        "deployment_circuit_breaker": [{"enable": True, "rollback": True}],
        "alarms": [{"alarm_names": ["a"], "enable": True, "rollback": True}],
        "tags": {"Team": "payments"},
    },
    "aws_ecs_task_definition": {"arn": TASKS, "cpu": "1024", "requires_compatibilities": ["FARGATE"]},
    "aws_service_discovery_service": {"health_check_custom_config": [{"failure_threshold": 1}]},
    "aws_appautoscaling_target": {
        "suspended_state": [
            {
                "dynamic_scaling_in_suspended": True,
                "dynamic_scaling_out_suspended": False,
                "scheduled_scaling_suspended": False,
            }
        ]
    },
    "aws_lambda_permission": {
        "principal": "events.amazonaws.com",
        "source_arn": "arn:aws:events:us-east-1:123456789012:rule/r",
        "source_account": None,
    },
    "aws_cloudwatch_event_target": {"ecs_target": [{"task_definition_arn": TASKS, "launch_type": "FARGATE"}]},
    "aws_iam_role_policy": {"id": "r:more", "policy": '{"Statement": []}'},
}


def test_there_is_an_answer_of_every_kind() -> None:
    assert set(ANSWERS) == set(OF)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
def test_every_answer_has_an_id_and_what_the_thing_is_recognised_by(kind: Any) -> None:
    values = kind.convert(ANSWERS[kind.type])
    assert values["id"]
    assert values[kind.id]
    assert any(kind.same(values))


@pytest.mark.parametrize("kind", sorted(EXPECTED))
def test_an_answer_becomes_attributes_of_the_provider(kind: str) -> None:
    values = OF[kind].convert(ANSWERS[kind])
    assert {key: values[key] for key in EXPECTED[kind]} == EXPECTED[kind]


def test_a_forward_to_several_groups_keeps_their_weights() -> None:
    (forwarding,) = OF["aws_lb_listener_rule"].convert(ANSWERS["aws_lb_listener_rule"])["action"]
    assert forwarding["target_group_arn"] == ""
    assert forwarding["forward"][0]["target_group"] == [
        {"arn": GROUP, "weight": 1},
        {"arn": OTHER_GROUP, "weight": 0},
    ]


def test_a_forward_to_one_group_names_it() -> None:
    one = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP}]}}
    answer = {**ANSWERS["aws_lb_listener"], "DefaultActions": [one]}
    (forwarding,) = OF["aws_lb_listener"].convert(answer)["default_action"]
    assert (forwarding["target_group_arn"], forwarding["forward"]) == (GROUP, [])


def test_every_kind_is_asked_for_once() -> None:
    assert len(OF) == len(KINDS)
