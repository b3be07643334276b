"""How a new version replaces the old one, and what makes ECS take it back."""

from tests.unit.infra.damage import change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack

ALARM = "aws_cloudwatch_metric_alarm/payment-api-unhealthy-targets"
TASKS_ALARM = "aws_cloudwatch_metric_alarm/fraud-detection-running-tasks"


@red_when(
    change("aws_ecs_service/payment-api/deployment_circuit_breaker/enable", False),
    change("aws_ecs_service/fraud-detection/deployment_circuit_breaker/rollback", False),
    drop("aws_ecs_service/notification-service/deployment_circuit_breaker"),
    change("aws_ecs_service/payment-api/deployment_controller/type", "EXTERNAL"),
)
def test_a_version_that_does_not_start_is_rolled_back(stack: Stack) -> None:
    for name in SERVICES:
        service = stack.service(name)
        assert service.get("deployment_circuit_breaker") == {"enable": True, "rollback": True}
        assert service["deployment_controller"] == {"type": "ECS"}, "the breaker belongs to rolling updates by ECS"


@red_when(
    change("aws_ecs_service/payment-api/deployment_minimum_healthy_percent", 50),
    drop("aws_ecs_service/fraud-detection/deployment_minimum_healthy_percent"),
    change("aws_ecs_service/fraud-detection/deployment_maximum_percent", 100),
)
def test_no_task_of_the_old_version_stops_before_one_of_the_new_is_healthy(stack: Stack) -> None:
    for name in SERVICES:
        service = stack.service(name)
        assert service.get("deployment_minimum_healthy_percent") == 100
        assert service["deployment_maximum_percent"] == 200


@red_when(
    change("aws_ecs_service/payment-api/alarms/enable", False),
    change("aws_ecs_service/payment-api/alarms/rollback", False),
    change("aws_ecs_service/payment-api/alarms/alarm_names", []),
    drop("aws_ecs_service/fraud-detection/alarms"),
    change("aws_ecs_service/payment-api/alarms/alarm_names/0", "alarm-of-nobody"),
    change(f"{TASKS_ALARM}/dimensions/ServiceName", "ecs-service-payment-api-production-pr42"),
    drop(TASKS_ALARM),
)
def test_each_deployment_is_watched_by_alarms_of_its_own_service_that_roll_it_back(stack: Stack) -> None:
    for name in SERVICES:
        alarms = stack.service(name).get("alarms", {})
        assert (alarms.get("enable"), alarms.get("rollback")) == (True, True)
        assert alarms["alarm_names"]
        for reference in alarms["alarm_names"]:
            alarm = stack.target(reference, "aws_cloudwatch_metric_alarm", "alarm_name")
            watched = alarm["dimensions"]
            target_group = watched.get("TargetGroup", "")
            assert watched.get("ServiceName") == f"ecs-service-{name}-production-pr42" or (
                name == "payment-api" and target_group == "${aws_lb_target_group.payment-api.arn_suffix}"
            )


@red_when(
    change(f"{TASKS_ALARM}/threshold", 2),
    change(f"{TASKS_ALARM}/comparison_operator", "LessThanOrEqualToThreshold"),
    change(f"{TASKS_ALARM}/metric_name", "DesiredTaskCount"),
    change(f"{TASKS_ALARM}/namespace", "AWS/ECS"),
    change(f"{TASKS_ALARM}/dimensions/ClusterName", "another"),
)
def test_each_service_has_an_alarm_when_fewer_than_3_tasks_run(stack: Stack) -> None:
    for name in SERVICES:
        alarm = stack.named("aws_cloudwatch_metric_alarm", "alarm_name", f"alarm-{name}-running-tasks-production-pr42")
        assert (alarm["namespace"], alarm["metric_name"]) == ("ECS/ContainerInsights", "RunningTaskCount")
        assert (alarm["comparison_operator"], alarm["threshold"]) == ("LessThanThreshold", 3)
        stack.target(alarm["dimensions"]["ClusterName"], "aws_ecs_cluster", "name")
        assert alarm["dimensions"]["ServiceName"] == f"ecs-service-{name}-production-pr42"


@red_when(
    drop(ALARM),
    change(f"{ALARM}/metric_name", "HealthyHostCount"),
    change(f"{ALARM}/comparison_operator", "LessThanThreshold"),
    change(f"{ALARM}/dimensions/LoadBalancer", "another"),
    change("aws_cloudwatch_metric_alarm/payment-api-target-5xx/metric_name", "HTTPCode_ELB_5XX_Count"),
)
def test_payment_api_has_alarms_on_errors_and_unhealthy_targets(stack: Stack) -> None:
    watched = {}
    for alarm in stack.all("aws_cloudwatch_metric_alarm").values():
        if alarm["namespace"] == "AWS/ApplicationELB":
            stack.target(alarm["dimensions"]["LoadBalancer"], "aws_lb", "arn_suffix")
            stack.target(alarm["dimensions"]["TargetGroup"], "aws_lb_target_group", "arn_suffix")
            watched[alarm["metric_name"]] = alarm["comparison_operator"]
    assert watched == {
        "HTTPCode_Target_5XX_Count": "GreaterThanOrEqualToThreshold",
        "UnHealthyHostCount": "GreaterThanOrEqualToThreshold",
    }


@red_when(
    change(f"{ALARM}/treat_missing_data", "breaching"),
    drop(f"{TASKS_ALARM}/treat_missing_data"),
    change(f"{ALARM}/period", 3600),
)
def test_alarms_answer_within_minutes_and_are_silent_before_the_first_task(stack: Stack) -> None:
    for alarm in stack.all("aws_cloudwatch_metric_alarm").values():
        assert alarm["period"] * alarm["evaluation_periods"] <= 300
        assert alarm.get("treat_missing_data") == "notBreaching"


@red_when(drop("aws_ecs_task_definition/fraud-detection/lifecycle"))
def test_the_old_revision_is_there_until_the_new_one_runs(stack: Stack) -> None:
    """ECS cannot go back to a task definition that is deregistered (API_DeregisterTaskDefinition)."""
    for name in SERVICES:
        assert stack.task(name).get("lifecycle", {}).get("create_before_destroy") is True


@red_when(drop("aws_ecs_service/payment-api/force_new_deployment"))
def test_a_changed_capacity_strategy_rolls_a_service(stack: Stack) -> None:
    """The provider replaces the service otherwise."""
    for name in SERVICES:
        assert stack.service(name).get("force_new_deployment") is True
