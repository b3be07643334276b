"""The public service is replaced blue/green, the other two task by task; either is taken back by alarms."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when, without
from tests.unit.infra.stack import Stack, only, statements

SERVICE = "aws_ecs_service/api-gateway"
RULE, TEST_RULE = "aws_lb_listener_rule/api-gateway", "aws_lb_listener_rule/api-gateway-test"
ROLE_POLICY = "aws_iam_role_policy/api-gateway-infrastructure-role/policy/Statement"
INNER = ("payment-processor", "fraud-detector")
BLUE, GREEN = "${aws_lb_target_group.api-gateway.arn}", "${aws_lb_target_group.api-gateway-green.arn}"


@pytest.mark.clause("G.9.6", proof="synth")
@red_when(
    drop(f"{SERVICE}/deployment_configuration"),
    change(f"{SERVICE}/deployment_configuration/strategy", "ROLLING"),
    change(f"{SERVICE}/deployment_configuration/bake_time_in_minutes", "0"),
    drop(f"{SERVICE}/deployment_configuration/canary_configuration"),
    add(f"{SERVICE}/deployment_circuit_breaker", {"enable": True, "rollback": True}),
    drop("aws_ecs_service/fraud-detector/deployment_circuit_breaker"),
    add("aws_ecs_service/fraud-detector/deployment_configuration", {"strategy": "BLUE_GREEN"}),
)
def test_the_public_service_shifts_requests_and_the_others_have_a_circuit_breaker(stack: Stack) -> None:
    public = stack.service("api-gateway")
    assert public.get("deployment_configuration") == {
        "strategy": "CANARY",
        "bake_time_in_minutes": "10",
        "canary_configuration": {"canary_percent": 10, "canary_bake_time_in_minutes": "5"},
    }
    assert "deployment_circuit_breaker" not in public
    for name in INNER:
        service = stack.service(name)
        assert "deployment_configuration" not in service
        assert service.get("deployment_circuit_breaker") == {"enable": True, "rollback": True}


@pytest.mark.clause("G.9.6", "G.6.2", proof="synth")
@red_when(
    change(f"{SERVICE}/load_balancer/0/advanced_configuration/alternate_target_group_arn", BLUE),
    change(f"{SERVICE}/load_balancer/0/advanced_configuration/production_listener_rule", "x"),
    drop(f"{SERVICE}/load_balancer/0/advanced_configuration/test_listener_rule"),
    change(f"{RULE}/action/0/forward/target_group/1/weight", 1),
    change(f"{TEST_RULE}/action/0/forward/target_group/0/arn", BLUE),
    drop(f"{RULE}/lifecycle/ignore_changes"),
    change(f"{TEST_RULE}/priority", 21),
    drop(f"{TEST_RULE}/condition/1"),
    change("aws_lb_target_group/api-gateway-green/health_check/path", "/other"),
)
def test_two_equal_target_groups_take_turns_behind_a_production_and_a_test_rule(stack: Stack) -> None:
    block = only(stack.service("api-gateway")["load_balancer"])
    advanced = block["advanced_configuration"]
    assert (block["target_group_arn"], advanced["alternate_target_group_arn"]) == (BLUE, GREEN)
    rule = stack.target(advanced["production_listener_rule"], "aws_lb_listener_rule", "arn")
    test = stack.target(advanced.get("test_listener_rule"), "aws_lb_listener_rule", "arn")
    assert weights(rule) == {BLUE: 1, GREEN: 0}
    assert weights(test) == {GREEN: 1, BLUE: 0}
    assert rule["lifecycle"].get("ignore_changes") == test["lifecycle"]["ignore_changes"] == ["action"]
    assert test["priority"] < rule["priority"]
    paths, header = {"path_pattern": {"values": ["/v1/*"]}}, {"http_header_name": "X-Paygate-Test", "values": ["green"]}
    assert rule["condition"] == [paths]
    assert test["condition"] == [paths, {"http_header": header}]
    groups = [stack.target(arn, "aws_lb_target_group", "arn") for arn in (BLUE, GREEN)]
    told = [{key: value for key, value in group.items() if key not in ("//", "name")} for group in groups]
    assert told[0] == told[1]


def weights(rule: dict[str, object]) -> dict[str, int]:
    action = only(rule["action"])  # type: ignore[call-overload]
    return {group["arn"]: group["weight"] for group in action["forward"]["target_group"]}


@pytest.mark.clause("G.9.6", proof="synth")
@red_when(
    change(f"{SERVICE}/alarms/rollback", False),
    without(f"{SERVICE}/alarms/alarm_names", "${aws_cloudwatch_metric_alarm.api-gateway-green-target-5xx.alarm_name}"),
    change(
        "aws_cloudwatch_metric_alarm/api-gateway-green-slow-answers/dimensions/TargetGroup",
        "${aws_lb_target_group.api-gateway.arn_suffix}",
    ),
    change("aws_cloudwatch_metric_alarm/api-gateway-blue-slow-answers/extended_statistic", "p10"),
    drop("aws_cloudwatch_metric_alarm/fraud-detector-running-tasks"),
)
def test_errors_slow_answers_and_unhealthy_targets_of_either_group_roll_back(stack: Stack) -> None:
    alarms = stack.service("api-gateway")["alarms"]
    assert (alarms["enable"], alarms["rollback"]) == (True, True)
    watched = set()
    for reference in alarms["alarm_names"]:
        alarm = stack.target(reference, "aws_cloudwatch_metric_alarm", "alarm_name")
        watched.add((alarm["metric_name"], alarm["dimensions"].get("TargetGroup")))
        if alarm["metric_name"] == "TargetResponseTime":
            assert (alarm["extended_statistic"], alarm["threshold"]) == ("p99", 2)
    for group in ("api-gateway", "api-gateway-green"):
        suffix = f"${{aws_lb_target_group.{group}.arn_suffix}}"
        for metric in ("HTTPCode_Target_5XX_Count", "TargetResponseTime", "UnHealthyHostCount"):
            assert (metric, suffix) in watched
    for name in INNER:
        names = stack.service(name)["alarms"]["alarm_names"]
        assert (
            stack.target(only(names), "aws_cloudwatch_metric_alarm", "alarm_name")["metric_name"] == "RunningTaskCount"
        )


@pytest.mark.clause("G.9.6", "G.3.3", proof="synth")
@red_when(
    change(f"{ROLE_POLICY}/1/Resource", ["*"]),
    add(f"{ROLE_POLICY}/1/Action/+", "elasticloadbalancing:ModifyListener"),
    add(f"{ROLE_POLICY}/2/Resource/+", "*"),
    change(
        "aws_iam_role/api-gateway-infrastructure-role/assume_role_policy/Statement/0/Principal/Service",
        "ecs-tasks.amazonaws.com",
    ),
)
def test_ecs_may_move_the_requests_of_this_service_and_nothing_else(stack: Stack) -> None:
    advanced = only(stack.service("api-gateway")["load_balancer"])["advanced_configuration"]
    role = stack.target(advanced["role_arn"], "aws_iam_role", "arn")
    trust = only(statements(role["assume_role_policy"]))
    assert trust["Principal"] == {"Service": "ecs.amazonaws.com"}
    entries = statements(stack.all("aws_iam_role_policy")["api-gateway-infrastructure-role"]["policy"])
    changes = {
        action: set(entry["Resource"])
        for entry in entries
        for action in entry["Action"]
        if not action.startswith("elasticloadbalancing:Describe")
    }
    rules = {f"${{aws_lb_listener_rule.{name}.arn}}" for name in ("api-gateway", "api-gateway-test")}
    assert changes == {
        "elasticloadbalancing:ModifyRule": rules,
        "elasticloadbalancing:RegisterTargets": {BLUE, GREEN},
        "elasticloadbalancing:DeregisterTargets": {BLUE, GREEN},
    }
