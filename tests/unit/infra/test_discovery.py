"""Services find each other by private DNS names that exist, of the tasks that answer there."""

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.stack import SERVICES, Stack, only

NAMESPACE = "aws_service_discovery_private_dns_namespace/main"
REGISTRATION = "aws_service_discovery_service/fraud-detection"
CALLS = {
    "payment-api": {"FRAUD_DETECTION": "fraud-detection", "NOTIFICATION_SERVICE": "notification-service"},
    "fraud-detection": {"NOTIFICATION_SERVICE": "notification-service"},
    "notification-service": {},
}
PORTS = {"fraud-detection": "8081", "notification-service": "8082"}


@red_when(
    drop(NAMESPACE),
    change(f"{NAMESPACE}/vpc", "another"),
    change(f"{NAMESPACE}/name", "payments.internal"),
    add("aws_service_discovery_http_namespace/second", {"name": "second"}),
)
def test_the_namespace_is_private_to_the_vpc_and_to_this_deployment(stack: Stack) -> None:
    namespace = stack.one("aws_service_discovery_private_dns_namespace")
    stack.target(namespace["vpc"], "aws_vpc", "id")
    assert namespace["name"].endswith("production-pr42.payments.internal")
    assert not stack.all("aws_service_discovery_http_namespace")
    assert not stack.all("aws_service_discovery_public_dns_namespace")


@red_when(
    drop("aws_ecs_service/fraud-detection/service_registries"),
    change(
        "aws_ecs_service/fraud-detection/service_registries/registry_arn",
        "${aws_service_discovery_service.notification-service.arn}",
    ),
    add("aws_ecs_service/payment-api/service_registries", {"registry_arn": "x"}),
    change(f"{REGISTRATION}/dns_config/namespace_id", "another"),
    change(f"{REGISTRATION}/dns_config/dns_records/0/type", "CNAME"),
    change(f"{REGISTRATION}/dns_config/dns_records/0/ttl", 300),
)
def test_every_service_that_is_called_and_no_other_registers_its_tasks(stack: Stack) -> None:
    for name in SERVICES:
        registered = stack.service(name).get("service_registries")
        assert (registered is not None) == (name in PORTS)
        if registered:
            entry = stack.target(registered["registry_arn"], "aws_service_discovery_service", "arn")
            assert entry["name"] == f"discovery-{name}-production-pr42"
            stack.target(entry["dns_config"]["namespace_id"], "aws_service_discovery_private_dns_namespace", "id")
            record = only(entry["dns_config"]["dns_records"])
            assert record["type"] == "A"
            assert record["ttl"] < 60, "a replaced task is forgotten before its deregistration delay ends"


@red_when(
    drop("aws_ecs_task_definition/payment-api/container_definitions/0/environment/0"),
    drop("aws_ecs_task_definition/payment-api/container_definitions/0/environment/3"),
    change("aws_ecs_task_definition/fraud-detection/container_definitions/0/environment/1/value", "8080"),
    change("aws_ecs_task_definition/fraud-detection/container_definitions/0/environment/0/value", "elsewhere"),
    change(f"{REGISTRATION}/name", "discovery-fraud-production-pr42"),
    add(
        "aws_ecs_task_definition/notification-service/container_definitions/0/environment/+",
        {"name": "PAYMENT_API_HOST", "value": "x"},
    ),
)
def test_callers_and_nobody_else_are_told_the_name_and_port_of_whom_they_call(stack: Stack) -> None:
    namespace = stack.one("aws_service_discovery_private_dns_namespace")["name"]
    hosts = {
        stack.service(name)["task_definition"]: f"{entry['name']}.{namespace}"
        for name in PORTS
        for entry in [stack.all("aws_service_discovery_service")[name]]
    }
    for caller, callees in CALLS.items():
        told = {variable["name"]: variable["value"] for variable in stack.container(caller)["environment"]}
        expected = {}
        for prefix, callee in callees.items():
            expected[f"{prefix}_HOST"] = hosts[stack.service(callee)["task_definition"]]
            expected[f"{prefix}_PORT"] = PORTS[callee]
        assert told == {**expected, "PORT": told["PORT"]}
