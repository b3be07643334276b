"""ECS services: one per microservice, three tasks each, over three zones, behind the load balancer or not."""

import pytest

from tests.unit.infra.damage import add, change, drop, red_when, without
from tests.unit.infra.stack import SERVICES, ZONES, Stack, mentions, needs, only

WAITS = "aws_ecs_service/payment-api/depends_on"


@pytest.mark.clause("P.3.1", proof="synth")
@red_when(
    drop("aws_ecs_service/fraud-detection"),
    change("aws_ecs_service/fraud-detection/name", "ecs-service-fraud-production-pr42"),
    add("aws_ecs_service/fourth", {"name": "ecs-service-fourth-production-pr42"}),
    change("aws_ecs_service/fraud-detection/task_definition", "${aws_ecs_task_definition.payment-api.arn}"),
)
def test_each_microservice_has_one_ecs_service_of_its_own(stack: Stack) -> None:
    names = sorted(service["name"] for service in stack.all("aws_ecs_service").values())
    assert names == [
        "ecs-service-fraud-detection-production-pr42",
        "ecs-service-notification-service-production-pr42",
        "ecs-service-payment-api-production-pr42",
    ]
    assert len({stack.service(name)["task_definition"] for name in SERVICES}) == 3


@pytest.mark.clause("P.3.2", proof="synth")
@red_when(
    change("aws_ecs_service/payment-api/desired_count", 2),
    drop("aws_ecs_service/notification-service/desired_count"),
)
def test_each_service_starts_with_3_tasks(stack: Stack) -> None:
    assert [stack.service(name).get("desired_count") for name in SERVICES] == [3, 3, 3]


@pytest.mark.clause("P.3.3", proof="synth")
@red_when(
    change("aws_ecs_service/payment-api/availability_zone_rebalancing", "DISABLED"),
    drop("aws_ecs_service/fraud-detection/availability_zone_rebalancing"),
    change("aws_ecs_service/payment-api/network_configuration/subnets/2", "${aws_subnet.private-us-east-1a.id}"),
    drop("aws_ecs_service/payment-api/network_configuration/subnets/2"),
    change("aws_subnet/private-us-east-1c/availability_zone", "us-east-1a"),
    change("aws_ecs_service/payment-api/deployment_maximum_percent", 100),
)
def test_each_service_spreads_its_tasks_over_3_zones_and_rebalances_them(stack: Stack) -> None:
    for name in SERVICES:
        service = stack.service(name)
        subnets = [stack.target(subnet, "aws_subnet", "id") for subnet in service["network_configuration"]["subnets"]]
        assert sorted(subnet["availability_zone"] for subnet in subnets) == list(ZONES)
        assert service.get("availability_zone_rebalancing") == "ENABLED"
        assert service["deployment_maximum_percent"] > 100, "rebalancing starts a task before it stops one"


@pytest.mark.clause("P.3.4", proof="synth")
@red_when(
    drop("aws_ecs_service/payment-api/load_balancer"),
    change("aws_ecs_service/payment-api/load_balancer/0/container_name", "sidecar"),
    add("aws_ecs_service/fraud-detection/load_balancer", [{"target_group_arn": "x"}]),
    add("aws_ecs_service/notification-service/load_balancer", [{"target_group_arn": "x"}]),
    change("aws_lb_target_group/payment-api/target_type", "instance"),
    change("aws_lb_listener/https/load_balancer_arn", "another"),
)
def test_payment_api_alone_is_attached_to_the_load_balancer(stack: Stack) -> None:
    attached = [name for name in SERVICES if "load_balancer" in stack.service(name)]
    assert attached == ["payment-api"]
    attachment = only(stack.service("payment-api")["load_balancer"])
    assert attachment["container_name"] == "payment-api"
    group = stack.address(attachment["target_group_arn"], "aws_lb_target_group", "arn")
    assert stack.at(group)["target_type"] == "ip", "tasks with a network of their own are targets by address"
    rule = stack.one("aws_lb_listener_rule")
    assert [stack.address(action["target_group_arn"], "aws_lb_target_group", "arn") for action in rule["action"]] == [
        group
    ]
    listener = stack.target(rule["listener_arn"], "aws_lb_listener", "arn")
    stack.target(listener["load_balancer_arn"], "aws_lb", "arn")


@red_when(
    drop("aws_ecs_service/payment-api/health_check_grace_period_seconds"),
    change("aws_ecs_service/payment-api/health_check_grace_period_seconds", 10),
    add("aws_ecs_service/fraud-detection/health_check_grace_period_seconds", 90),
)
def test_only_payment_api_has_a_grace_period_and_it_covers_the_start(stack: Stack) -> None:
    graces = [stack.service(name).get("health_check_grace_period_seconds") for name in SERVICES]
    assert graces[1:] == [None, None], "ECS refuses a grace period without a load balancer"
    assert graces[0] is not None
    assert graces[0] >= stack.container("payment-api")["healthCheck"]["startPeriod"]


@red_when(
    change("aws_ecs_service/payment-api/lifecycle/ignore_changes", []),
    drop("aws_ecs_service/fraud-detection/lifecycle"),
    add("aws_ecs_service/fraud-detection/lifecycle/ignore_changes/+", "task_definition"),
)
def test_terraform_leaves_the_task_count_and_nothing_else_to_auto_scaling(stack: Stack) -> None:
    for name in SERVICES:
        assert stack.service(name).get("lifecycle") == {"ignore_changes": ["desired_count"]}


@red_when(
    change("aws_ecs_service/payment-api/enable_execute_command", True),
    drop("aws_ecs_service/fraud-detection/enable_execute_command"),
)
def test_nobody_opens_a_shell_in_a_task(stack: Stack) -> None:
    assert all(stack.service(name).get("enable_execute_command") is False for name in SERVICES)


@red_when(
    change("aws_ecs_service/payment-api/wait_for_steady_state", False),
    drop("aws_ecs_service/fraud-detection/timeouts"),
    drop("aws_ecs_service/fraud-detection/timeouts/delete"),
)
def test_an_apply_ends_when_tasks_run_and_waits_no_longer_than_20_minutes(stack: Stack) -> None:
    for name in SERVICES:
        assert stack.service(name).get("wait_for_steady_state") is True
        assert stack.service(name).get("timeouts") == {"create": "20m", "update": "20m", "delete": "20m"}


@red_when(
    change(WAITS, []),
    without(WAITS, "aws_ecs_cluster_capacity_providers.main"),
    without(WAITS, "aws_iam_role_policy.payment-api-execution-role"),
    without(WAITS, "aws_lb_listener_rule.payment-api"),
)
def test_a_service_waits_for_capacity_permissions_and_listener_rule(stack: Stack) -> None:
    for name in SERVICES:
        needed = needs(stack, f"aws_ecs_service.{name}")
        assert "aws_ecs_cluster_capacity_providers.main" in needed
        assert f"aws_iam_role_policy.{name}-execution-role" in needed
    assert "aws_lb_listener_rule.payment-api" in needs(stack, "aws_ecs_service.payment-api")


@red_when(
    drop(WAITS),
    without(WAITS, "aws_route.private-us-east-1b"),
    without(WAITS, "aws_vpc_endpoint.ecr-dkr"),
    without(WAITS, "aws_vpc_security_group_egress_rule.payment-api-to-s3"),
    without(WAITS, "aws_vpc_security_group_ingress_rule.payment-api-to-vpc-endpoints"),
)
def test_a_service_starts_when_its_way_to_the_registry_is_open(stack: Stack) -> None:
    """Tasks that start before they can pull their image fail, and three failures trip the circuit breaker."""
    ways = {f"aws_route.{name}" for name in stack.all("aws_route") if name.startswith("private-")}
    ways |= {f"aws_vpc_endpoint.{name}" for name in stack.all("aws_vpc_endpoint")}
    for name in SERVICES:
        rules = {
            address
            for address, values in stack.resources()
            if address.startswith("aws_vpc_security_group_")
            and stack.group(name) in mentions(values)
            and values["from_port"] == 443
        }
        assert len(rules) == 4, "out to anywhere, to S3, to the interface endpoints, and into those"
        assert (ways | rules) - needs(stack, f"aws_ecs_service.{name}") == set()


@red_when(
    without(WAITS, "aws_route.public"),
    without(WAITS, "aws_vpc_security_group_ingress_rule.alb-to-payment-api"),
)
def test_a_service_stops_before_its_clients_are_cut_off(stack: Stack) -> None:
    """A destroy goes backwards: what a service waits for stays until its last task has answered."""
    halves = {f"aws_vpc_security_group_{way}_rule.alb-to-payment-api" for way in ("ingress", "egress")}
    assert halves - needs(stack, "aws_ecs_service.payment-api") == set()
    for name in SERVICES:
        assert "aws_route.public" in needs(stack, f"aws_ecs_service.{name}")
