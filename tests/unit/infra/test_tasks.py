"""Task definitions and the container in each: size, image, health check, logs, and no more rights than it needs."""

import re

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack

CONTAINER = "aws_ecs_task_definition/payment-api/container_definitions/0"
OTHER = "aws_ecs_task_definition/notification-service/container_definitions/0"


@pytest.mark.clause("P.2.1", proof="synth")
@red_when(
    change("aws_ecs_task_definition/payment-api/family", "ecs-task-api-production-pr42"),
    add("aws_ecs_task_definition/fourth", {"family": "ecs-task-fourth-production-pr42"}),
    change("aws_ecs_service/payment-api/task_definition", "${aws_ecs_task_definition.fraud-detection.arn}"),
    change(f"{CONTAINER}/name", "fraud-detection"),
)
def test_each_microservice_has_one_task_definition_of_its_own(stack: Stack) -> None:
    families = sorted(task["family"] for task in stack.all("aws_ecs_task_definition").values())
    assert families == [
        "ecs-task-fraud-detection-production-pr42",
        "ecs-task-notification-service-production-pr42",
        "ecs-task-payment-api-production-pr42",
    ]
    for name in SERVICES:
        assert stack.task(name)["family"] == f"ecs-task-{name}-production-pr42"
        assert stack.container(name)["name"] == name


@pytest.mark.clause("P.2.2", proof="synth")
@red_when(
    change("aws_ecs_task_definition/payment-api/cpu", "512"),
    change("aws_ecs_task_definition/fraud-detection/memory", "4096"),
    change(f"{CONTAINER}/cpu", 256),
    change(f"{CONTAINER}/memory", 512),
)
def test_each_task_and_its_container_have_1_vcpu_and_2_gb(stack: Stack) -> None:
    for name in SERVICES:
        task, container = stack.task(name), stack.container(name)
        assert (task["cpu"], task["memory"]) == ("1024", "2048")
        assert (container["cpu"], container["memory"]) == (1024, 2048)


@pytest.mark.clause("P.2.3", proof="synth")
@red_when(
    change("aws_ecs_service/payment-api/platform_version", "LATEST"),
    drop("aws_ecs_service/fraud-detection/platform_version"),
    change("aws_ecs_task_definition/payment-api/requires_compatibilities", ["EC2"]),
)
def test_each_service_runs_on_fargate_platform_1_4_0(stack: Stack) -> None:
    for name in SERVICES:
        assert stack.service(name).get("platform_version") == "1.4.0"
        assert stack.task(name)["requires_compatibilities"] == ["FARGATE"]


@pytest.mark.clause("P.2.5", proof="synth")
@red_when(
    change(f"{CONTAINER}/healthCheck/retries", 5),
    change(f"{OTHER}/healthCheck/interval", 10),
    drop(f"{CONTAINER}/healthCheck/retries"),
    drop(f"{OTHER}/healthCheck"),
    change(f"{CONTAINER}/healthCheck/command", ["NONE"]),
    change(f"{CONTAINER}/essential", False),
)
def test_each_container_fails_after_3_health_checks_30_seconds_apart(stack: Stack) -> None:
    for name in SERVICES:
        container = stack.container(name)
        check = container.get("healthCheck", {})
        assert (check.get("retries"), check.get("interval")) == (3, 30)
        assert check["command"][0] in ("CMD", "CMD-SHELL")
        assert len(check["command"]) > 1
        assert container["essential"] is True, "ECS looks at essential containers only"


@red_when(
    drop(f"{CONTAINER}/healthCheck/startPeriod"),
    change(f"{CONTAINER}/healthCheck/startPeriod", 0),
    change(f"{CONTAINER}/healthCheck/timeout", 30),
    drop(f"{OTHER}/healthCheck/timeout"),
)
def test_health_checks_give_a_starting_container_time_and_end_before_the_next_one(stack: Stack) -> None:
    for name in SERVICES:
        check = stack.container(name)["healthCheck"]
        assert 0 < check.get("startPeriod", 0) <= 300
        assert 0 < check.get("timeout", 0) < check["interval"]


@pytest.mark.clause("P.2.6", proof="synth")
@red_when(
    change(f"{CONTAINER}/logConfiguration/logDriver", "fluentd"),
    change(f"{CONTAINER}/logConfiguration/options/awslogs-group", "${aws_cloudwatch_log_group.vpc-flows.name}"),
    change(f"{CONTAINER}/logConfiguration/options/awslogs-region", "eu-west-1"),
    drop(f"{OTHER}/logConfiguration"),
    drop(f"{CONTAINER}/logConfiguration/options/awslogs-stream-prefix"),
    change("aws_cloudwatch_log_group/fraud-detection/retention_in_days", 7),
)
def test_each_container_logs_to_its_own_cloudwatch_group_kept_for_30_days(stack: Stack) -> None:
    for name in SERVICES:
        logs = stack.container(name).get("logConfiguration", {})
        assert logs.get("logDriver") == "awslogs"
        options = logs["options"]
        group = stack.target(options["awslogs-group"], "aws_cloudwatch_log_group", "name")
        assert group["name"] == f"log-group-{name}-production-pr42"
        assert group["retention_in_days"] == 30
        assert options["awslogs-region"] == "us-east-1"
        assert options.get("awslogs-stream-prefix"), "Fargate needs a stream prefix"


@red_when(
    change(f"{CONTAINER}/readonlyRootFilesystem", False),
    drop(f"{OTHER}/readonlyRootFilesystem"),
)
def test_each_container_has_a_read_only_root_file_system(stack: Stack) -> None:
    assert all(stack.container(name).get("readonlyRootFilesystem") is True for name in SERVICES)


@red_when(
    change(f"{CONTAINER}/user", "0:0"),
    change(f"{CONTAINER}/user", "root"),
    change(f"{CONTAINER}/user", "10001:0"),
    drop(f"{OTHER}/user"),
)
def test_each_container_runs_as_a_user_and_group_that_are_not_root(stack: Stack) -> None:
    for name in SERVICES:
        ids = stack.container(name).get("user", "").split(":")
        assert len(ids) == 2
        assert all(identity.isdigit() and int(identity) > 0 for identity in ids)


@red_when(
    change(f"{CONTAINER}/linuxParameters/initProcessEnabled", False),
    drop(f"{OTHER}/linuxParameters/initProcessEnabled"),
)
def test_each_container_has_an_init_process_that_passes_signals_on(stack: Stack) -> None:
    assert all(stack.container(name)["linuxParameters"].get("initProcessEnabled") is True for name in SERVICES)


@red_when(
    add(f"{CONTAINER}/privileged", True),
    drop(f"{OTHER}/linuxParameters/capabilities"),
    add(f"{CONTAINER}/linuxParameters/capabilities/add", ["SYS_PTRACE"]),
)
def test_no_container_keeps_a_kernel_capability(stack: Stack) -> None:
    for name in SERVICES:
        container = stack.container(name)
        assert container["linuxParameters"].get("capabilities") == {"drop": ["ALL"]}
        assert not container.get("privileged")


@red_when(
    change(f"{CONTAINER}/stopTimeout", 30),
    drop(f"{OTHER}/stopTimeout"),
    change("aws_lb_target_group/payment-api/deregistration_delay", "120"),
    drop("aws_lb_target_group/payment-api/deregistration_delay"),
)
def test_a_stopping_task_drains_its_connections_before_it_is_killed(stack: Stack) -> None:
    assert all(stack.container(name).get("stopTimeout") == 120 for name in SERVICES)
    assert 0 < int(stack.one("aws_lb_target_group").get("deregistration_delay", "300")) < 120


@red_when(
    change("aws_ecs_task_definition/payment-api/network_mode", "host"),
    change(f"{CONTAINER}/portMappings/0/hostPort", 80),
    change(f"{OTHER}/portMappings/0/containerPort", 8080),
    add(f"{CONTAINER}/portMappings/+", {"containerPort": 22, "hostPort": 22, "protocol": "tcp"}),
    change(f"{CONTAINER}/environment/4/value", "9090"),
    add("aws_ecs_task_definition/payment-api/pid_mode", "task"),
)
def test_each_task_has_a_network_of_its_own_and_listens_on_one_port(stack: Stack) -> None:
    for name, port in zip(SERVICES, (8080, 8081, 8082), strict=True):
        task, container = stack.task(name), stack.container(name)
        assert task["network_mode"] == "awsvpc"
        assert not task.keys() & {"pid_mode", "ipc_mode"}
        assert container["portMappings"] == [{"containerPort": port, "hostPort": port, "protocol": "tcp"}]
        assert {"name": "PORT", "value": str(port)} in container["environment"]


@red_when(
    add(f"{CONTAINER}/environment/+", {"name": "DATABASE_PASSWORD", "value": "hunter2"}),
    add(f"{OTHER}/environment/+", {"name": "CARD_NETWORK_API_KEY", "value": "k"}),
    change(f"{CONTAINER}/environment/4/value", "AKIAIOSFODNN7EXAMPLE"),
)
def test_no_secret_stands_in_an_environment_variable(stack: Stack) -> None:
    secret_name = re.compile(r"SECRET|PASSW|TOKEN|PRIVATE|CREDENTIAL|API_?KEY", re.IGNORECASE)
    secret_value = re.compile(r"AKIA[0-9A-Z]{16}|-----BEGIN|://[^/\s]+:[^@\s]+@")
    for name in SERVICES:
        for variable in stack.container(name)["environment"]:
            assert not secret_name.search(variable["name"])
            assert not secret_value.search(variable["value"])


@red_when(
    change("aws_ecs_task_definition/payment-api/runtime_platform/cpu_architecture", "ARM64"),
    drop("aws_ecs_task_definition/fraud-detection/runtime_platform"),
)
def test_each_task_says_for_which_platform_its_image_is_built(stack: Stack) -> None:
    for name in SERVICES:
        platform = stack.task(name).get("runtime_platform")
        assert platform == {"operating_system_family": "LINUX", "cpu_architecture": "X86_64"}
