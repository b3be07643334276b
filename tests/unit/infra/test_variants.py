"""The other side of each setting: what a change of the settings file alone changes in the stack, and what it leaves."""

import json
from collections.abc import Callable
from typing import Any

from tests.unit.infra.names import names
from tests.unit.infra.rules import EGRESS, INGRESS, edges, outside
from tests.unit.infra.stack import SERVICES, Stack, mentions, only, policies, statements

Document = dict[str, Any]
Edited = Callable[[Callable[[Document], object]], Stack]

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0123abcd-0123-0123-0123-0123456789ab"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/payments"
RECEIPTS = "arn:aws:s3:::receipts/*"
ACCOUNT, PARTITION = "${data.aws_caller_identity.current.account_id}", "${data.aws_partition.partition.partition}"


def counts(stack: Stack) -> dict[str, int]:
    return {kind: len(stack.all(kind)) for kind in stack.document["resource"]}


def test_an_existing_certificate_is_used_as_it_is(edited: Edited, stack: Stack) -> None:
    other = edited(lambda document: document["load_balancer"].update(certificate={"arn": CERTIFICATE}))
    assert other.one("aws_lb_listener")["certificate_arn"] == CERTIFICATE
    gone = {"aws_acm_certificate", "aws_acm_certificate_validation", "aws_route53_record"}
    assert counts(other) == {kind: count for kind, count in counts(stack).items() if kind not in gone}


def create_repositories(document: Document) -> None:
    """Created repositories are named by the pattern, so the settings name none."""
    document["registry"]["create_repositories"] = True
    for service in document["services"].values():
        del service["image"]["repository"]


def test_repositories_are_created_when_asked_for(edited: Edited) -> None:
    stack = edited(create_repositories)
    assert not stack.all("data.aws_ecr_repository")
    for name in SERVICES:
        repository = stack.named("aws_ecr_repository", "name", f"ecr-repository-{name}-production-pr42")
        assert repository["image_scanning_configuration"] == {"scan_on_push": True}
        assert repository["image_tag_mutability"] == "IMMUTABLE"
        assert repository["force_delete"] is True
        url, digest = stack.container(name)["image"].split("@")
        assert stack.target(url, "aws_ecr_repository", "repository_url") is repository
        assert digest.startswith("sha256:")
        execution = stack.all("aws_iam_role_policy")[f"{name}-execution-role"]["policy"]
        assert mentions(execution) & {f"aws_ecr_repository.{other}" for other in SERVICES} == {
            f"aws_ecr_repository.{name}"
        }


def test_log_groups_share_a_rotating_key_when_they_are_to_be_customer_managed(edited: Edited) -> None:
    stack = edited(lambda document: document["logs"].update(encryption="customer-managed"))
    key = stack.one("aws_kms_key")
    assert key["enable_key_rotation"] is True
    assert key["deletion_window_in_days"] == 7, "the shortest that AWS allows"
    assert stack.one("aws_kms_alias")["name"] == "alias/kms-key-logs-production-pr42"
    stack.target(stack.one("aws_kms_alias")["target_key_id"], "aws_kms_key", "key_id")
    groups = stack.all("aws_cloudwatch_log_group")
    assert len(groups) == 5
    for group in groups.values():
        assert stack.target(group["kms_key_id"], "aws_kms_key", "arn") is key


def test_only_cloudwatch_logs_may_use_the_key_and_only_for_log_groups_of_this_account(edited: Edited) -> None:
    stack = edited(lambda document: document["logs"].update(encryption="customer-managed"))
    administration, use = statements(stack.one("aws_kms_key")["policy"])
    assert use["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    groups = f"arn:{PARTITION}:logs:us-east-1:{ACCOUNT}:log-group:*"
    assert use["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}}
    assert {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"} <= set(use["Action"])
    assert administration["Principal"] == {"AWS": f"arn:{PARTITION}:iam::{ACCOUNT}:root"}
    assert not {"kms:Decrypt", "kms:Encrypt"} & set(administration["Action"])
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} <= set(administration["Action"])
    assert not any("*" in action for action in [*administration["Action"], *use["Action"]])


def test_without_endpoints_everything_leaves_through_the_nat_gateways(edited: Edited) -> None:
    stack = edited(lambda document: document["network"].update(vpc_endpoints=[]))
    assert not stack.all("aws_vpc_endpoint")
    assert not [edge for kind in (EGRESS, INGRESS) for edge in edges(stack, kind) if edge[2] == 443]
    assert outside(stack, EGRESS) == {(name, "0.0.0.0/0", 443) for name in SERVICES}
    assert "endpoint" not in json.dumps(stack.document)


def test_with_the_s3_endpoint_alone_no_interface_and_no_group_is_made(edited: Edited) -> None:
    stack = edited(lambda document: document["network"].update(vpc_endpoints=["s3"]))
    assert stack.one("aws_vpc_endpoint")["vpc_endpoint_type"] == "Gateway"
    assert not [edge for kind in (EGRESS, INGRESS) for edge in edges(stack, kind) if "vpc-endpoints" in edge]
    assert len(outside(stack, EGRESS)) == 6


def test_without_discovery_no_name_is_registered_and_callers_are_told_none(edited: Edited) -> None:
    stack = edited(lambda document: document.pop("discovery"))
    assert not [kind for kind in stack.document["resource"] if "discovery" in kind]
    for name in SERVICES:
        assert "service_registries" not in stack.service(name)
        assert [variable["name"] for variable in stack.container(name)["environment"]] == ["PORT"]


def test_a_fourth_service_is_a_change_of_the_settings_only(edited: Edited, stack: Stack) -> None:
    def add_ledger(document: Document) -> None:
        image = {"repository": "payments/ledger", "digest": f"sha256:{'a' * 64}"}
        document["services"]["ledger"] = {"port": 8083, "image": image, "calls": ["notification-service"]}
        document["services"]["payment-api"]["calls"].append("ledger")

    four = edited(add_ledger)
    assert set(four.services()) == {*SERVICES, "ledger"}
    task = four.task("ledger")
    assert (task["cpu"], task["memory"], task["family"]) == ("1024", "2048", "ecs-task-ledger-production-pr42")
    new = {("payment-api", "ledger", 8083), ("ledger", "notification-service", 8082), ("ledger", "vpc-endpoints", 443)}
    for kind in (EGRESS, INGRESS):
        assert edges(four, kind) - edges(stack, kind) == new
    per_service = {kind: count for kind, count in counts(four).items() if count != counts(stack)[kind]}
    assert per_service == {
        "aws_appautoscaling_policy": 8,
        "aws_appautoscaling_target": 4,
        "aws_cloudwatch_log_group": 6,
        "aws_cloudwatch_metric_alarm": 6,
        "aws_ecs_service": 4,
        "aws_ecs_task_definition": 4,
        "aws_iam_role": 9,
        "aws_iam_role_policy": 5,
        "aws_security_group": 6,
        "aws_service_discovery_service": 3,
        "aws_vpc_security_group_egress_rule": 18,
        "aws_vpc_security_group_ingress_rule": 11,
    }


def test_an_image_by_tag_stops_a_plan_whose_repository_lets_tags_be_overwritten(edited: Edited) -> None:
    image = {"repository": "payments/payment-api", "tag": "1.4.2"}
    stack = edited(lambda document: document["services"]["payment-api"].update(image=image))
    assert stack.container("payment-api")["image"] == "${data.aws_ecr_repository.payment-api.repository_url}:1.4.2"
    conditions = stack.all("data.aws_ecr_repository")["payment-api"]["lifecycle"]["postcondition"]
    assert [entry["condition"] for entry in conditions] == [
        "${self.image_scanning_configuration[0].scan_on_push}",
        '${self.image_tag_mutability == "IMMUTABLE"}',
    ]
    assert len(stack.all("data.aws_ecr_repository")["fraud-detection"]["lifecycle"]["postcondition"]) == 1


def test_task_permissions_go_to_the_task_role_of_their_service_and_through_its_endpoint(edited: Edited) -> None:
    grants = [
        {"actions": ["dynamodb:GetItem", "dynamodb:PutItem"], "resources": [TABLE]},
        {"actions": ["s3:GetObject"], "resources": [RECEIPTS]},
    ]
    stack = edited(lambda document: document["services"]["payment-api"].update(task_permissions=grants))
    role = stack.address(stack.task("payment-api")["task_role_arn"], "aws_iam_role", "arn")
    granted = statements(stack.named("aws_iam_role_policy", "role", f"${{{role}.id}}")["policy"])
    assert [(entry["Effect"], entry["Action"], entry["Resource"]) for entry in granted] == [
        ("Allow", ["dynamodb:GetItem", "dynamodb:PutItem"], [TABLE]),
        ("Allow", ["s3:GetObject"], [RECEIPTS]),
    ]
    holders = [address for address, entries in policies(stack) if TABLE in json.dumps(entries)]
    assert holders == ["aws_iam_role_policy.payment-api-task-role"]
    through_s3 = [entry["Resource"] for entry in statements(stack.all("aws_vpc_endpoint")["s3"]["policy"])]
    assert [RECEIPTS] in through_s3


def test_several_public_services_have_a_rule_a_target_group_and_an_edge_each(edited: Edited) -> None:
    def add_reports(document: Document) -> None:
        image = {"repository": "payments/reports", "digest": f"sha256:{'a' * 64}"}
        routes = {"paths": ["/reports", "/reports/*"], "health_check_path": "/ready", "priority": 20}
        document["services"]["reports"] = {"port": 8083, "image": image, "routes": routes}

    stack = edited(add_reports)
    rules = stack.all("aws_lb_listener_rule").values()
    assert len({rule["priority"] for rule in rules}) == 2
    for name, port, path in (("payment-api", 8080, "/payments"), ("reports", 8083, "/reports")):
        attachment = only(stack.service(name)["load_balancer"])
        group = stack.target(attachment["target_group_arn"], "aws_lb_target_group", "arn")
        assert (group["port"], attachment["container_port"]) == (port, port)
        rule = only(each for each in rules if each["action"][0]["target_group_arn"] == attachment["target_group_arn"])
        assert rule["condition"] == [{"path_pattern": {"values": [path, f"{path}/*"]}}]
        assert len(stack.service(name)["alarms"]["alarm_names"]) == 3
        for kind in (EGRESS, INGRESS):
            assert ("alb", name, port) in edges(stack, kind)


def test_names_without_an_environment_follow_the_other_pattern(edited: Edited, stack: Stack) -> None:
    other = edited(lambda document: document.update(naming="{type}-{component}-{suffix}"))
    assert sorted(names(other)) == sorted((kind, name.replace("-production-", "-")) for kind, name in names(stack))
    assert other.one("aws_ecs_cluster")["name"] == "ecs-cluster-pr42"


def test_clients_are_held_to_the_ranges_of_the_settings(edited: Edited) -> None:
    ranges = ["203.0.113.0/24", "198.51.100.0/24"]
    stack = edited(lambda document: document["load_balancer"].update(client_cidrs=ranges))
    assert outside(stack, INGRESS) == {("alb", cidr, 443) for cidr in ranges}
