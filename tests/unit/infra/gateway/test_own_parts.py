"""What the gateway has otherwise than payments: repositories of its own, owner tags, keys, two tasks at least."""

import json

import pytest

from tests.unit.infra.damage import add, change, drop, red_when
from tests.unit.infra.gateway.names import SERVICES
from tests.unit.infra.stack import Stack

POLICY = "aws_ecr_lifecycle_policy/api-gateway/policy/rules"
TAGS = "provider/aws/0/default_tags/0/tags"


@pytest.mark.clause("G.2.1", "G.2.2", proof="synth")
@red_when(
    drop("aws_ecr_repository/fraud-detector"),
    change("aws_ecr_repository/api-gateway/image_scanning_configuration/scan_on_push", False),
    change("aws_ecr_repository/api-gateway/image_tag_mutability", "MUTABLE"),
    change("aws_ecr_repository/api-gateway/encryption_configuration/0/encryption_type", "AES256"),
    change("aws_kms_key/registry/enable_key_rotation", False),
    change("aws_ecr_repository/api-gateway/force_delete", False),
)
def test_each_service_has_a_repository_of_its_own(stack: Stack) -> None:
    assert set(stack.all("aws_ecr_repository")) == set(SERVICES)
    for name, repository in stack.all("aws_ecr_repository").items():
        assert repository["name"] == f"ecr-repository-{name}-pr42"
        assert repository["image_scanning_configuration"] == {"scan_on_push": True}
        assert repository["image_tag_mutability"] == "IMMUTABLE"
        assert repository["force_delete"] is True
        encryption = repository["encryption_configuration"][0]
        assert encryption["encryption_type"] == "KMS"
        assert stack.target(encryption["kms_key"], "aws_kms_key", "arn")["enable_key_rotation"] is True
        assert stack.container(name)["image"].startswith(f"${{aws_ecr_repository.{name}.repository_url}}@sha256:")


@pytest.mark.clause("G.2.3", proof="synth")
@red_when(
    drop("aws_ecr_lifecycle_policy/fraud-detector"),
    change(f"{POLICY}/0/selection/countNumber", 365),
    change(f"{POLICY}/1/selection/countNumber", 1),
    change(f"{POLICY}/1/selection/tagStatus", "any"),
    change("aws_ecr_lifecycle_policy/api-gateway/repository", "${aws_ecr_repository.fraud-detector.name}"),
)
def test_repositories_keep_tagged_images_by_count_and_untagged_ones_by_age(stack: Stack) -> None:
    assert set(stack.all("aws_ecr_lifecycle_policy")) == set(SERVICES)
    for name, policy in stack.all("aws_ecr_lifecycle_policy").items():
        assert stack.address(policy["repository"], "aws_ecr_repository", "name") == f"aws_ecr_repository.{name}"
        untagged, tagged = (rule["selection"] for rule in json.loads(policy["policy"])["rules"])
        age = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}
        assert untagged == age
        assert (tagged["tagStatus"], tagged["countType"], tagged["countNumber"]) == ("tagged", "imageCountMoreThan", 30)


@pytest.mark.clause("G.9.4", proof="synth")
@red_when(
    change(f"{TAGS}/Service", "gateway"),
    drop(f"{TAGS}/CostCenter"),
    change("aws_ecs_service/api-gateway/tags/Service", "fraud-detector"),
    drop("aws_cloudwatch_log_group/payment-processor/tags"),
    drop("aws_secretsmanager_secret/fraud-detector-database/tags"),
    add("aws_vpc/main/tags/Service", "api-gateway"),
    drop("aws_appautoscaling_target/api-gateway/tags"),
)
def test_everything_says_whose_it_is(stack: Stack) -> None:
    assert stack.document["provider"]["aws"][0]["default_tags"][0]["tags"] == {
        "Environment": "production",
        "CostCenter": "payments",
        "Service": "platform",
        "EnvironmentSuffix": "pr42",
    }
    shared = {"redeployment"}
    for address, values in stack.resources():
        kind, _, name = address.partition(".")
        owner = max((each for each in SERVICES if f"{name}-".startswith(f"{each}-")), key=len, default="")
        said = values.get("tags", {}).get("Service")
        if kind in TAGGABLE and owner and name not in shared:
            assert said == owner, address
        elif kind not in RULES:
            assert said in (None, owner), address


TAGGABLE = {
    "aws_appautoscaling_target", "aws_cloudwatch_log_group", "aws_cloudwatch_metric_alarm", "aws_ecr_repository",
    "aws_ecs_service", "aws_ecs_task_definition", "aws_iam_role", "aws_lambda_function", "aws_lb_listener_rule",
    "aws_lb_target_group", "aws_secretsmanager_secret", "aws_security_group", "aws_service_discovery_service",
}  # fmt: skip
RULES = {"aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"}


@pytest.mark.clause("G.5.1", "G.5.2", "G.5.3", proof="synth")
@red_when(
    change("aws_appautoscaling_target/api-gateway/min_capacity", 1),
    change(
        "aws_appautoscaling_policy/fraud-detector-memory/target_tracking_scaling_policy_configuration/target_value", 80
    ),
    change(
        "aws_appautoscaling_policy/fraud-detector-cpu/target_tracking_scaling_policy_configuration/disable_scale_in",
        True,
    ),
    change("aws_ecs_service/api-gateway/desired_count", 3),
)
def test_services_scale_between_two_and_ten_tasks_at_seventy_percent_in_both_directions(stack: Stack) -> None:
    assert [target["min_capacity"] for target in stack.all("aws_appautoscaling_target").values()] == [2, 2, 2]
    assert [target["max_capacity"] for target in stack.all("aws_appautoscaling_target").values()] == [10, 10, 10]
    for policy in stack.all("aws_appautoscaling_policy").values():
        tracking = policy["target_tracking_scaling_policy_configuration"]
        assert (tracking["target_value"], tracking["disable_scale_in"]) == (70, False)
    assert {service["desired_count"] for service in stack.services().values()} == {2}


@pytest.mark.clause("G.4.1", "G.4.2", "G.4.4", proof="synth")
@red_when(
    drop("aws_service_discovery_service/fraud-detector"),
    change("aws_service_discovery_service/payment-processor/dns_config/dns_records/0/type", "SRV"),
    drop("aws_ecs_service/payment-processor/service_registries"),
    change("aws_ecs_task_definition/api-gateway/container_definitions/0/environment/0/value", "elsewhere"),
)
def test_callees_are_registered_and_callers_told_their_names_and_ports(stack: Stack) -> None:
    namespace = stack.one("aws_service_discovery_private_dns_namespace")
    assert namespace["name"] == "namespace-pr42.gateway.internal"
    for caller, callee, port in (
        ("api-gateway", "payment-processor", 8081),
        ("payment-processor", "fraud-detector", 8082),
    ):
        registered = stack.all("aws_service_discovery_service").get(callee, {})
        assert [record["type"] for record in registered.get("dns_config", {}).get("dns_records", [])] == ["A"]
        assert registered["health_check_custom_config"] == {"failure_threshold": 1}
        registry = stack.service(callee).get("service_registries", {}).get("registry_arn")
        assert stack.target(registry, "aws_service_discovery_service", "arn") is registered
        told = {item["name"]: item["value"] for item in stack.container(caller)["environment"]}
        prefix = callee.upper().replace("-", "_")
        assert told[f"{prefix}_HOST"] == f"{registered['name']}.{namespace['name']}"
        assert told[f"{prefix}_PORT"] == str(port)
    assert set(stack.all("aws_service_discovery_service")) == {"payment-processor", "fraud-detector"}


@pytest.mark.clause("G.9.5", proof="synth")
@red_when(add("aws_ecr_repository/api-gateway/lifecycle", {"prevent_destroy": True}))
def test_nothing_is_kept_from_being_destroyed(stack: Stack) -> None:
    for address, values in stack.resources():
        assert not values.get("lifecycle", {}).get("prevent_destroy"), address
