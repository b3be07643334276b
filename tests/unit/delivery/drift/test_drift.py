"""What a real refresh shows, and which of it may be.

documents/gateway_tampered.json: `terraform show -json` of a refresh-only plan of the gateway, deployed to the emulator,
rotated once and then changed by hand through boto3, cut down to what the judgement looks at.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.drift.drift import classify
from delivery.errors import UserError
from delivery.terraform.values import Marker

Document = dict[str, Any]
REAL: Document = json.loads((Path(__file__).parent / "documents" / "gateway_tampered.json").read_text())
BY_HAND = {
    "aws_appautoscaling_policy.fraud-detector-memory": "",
    "aws_cloudwatch_log_group.api-gateway": "tags_all.CostCenter",
    "aws_cloudwatch_log_group.fraud-detector": "",
    "aws_cloudwatch_log_group.payment-processor": "retention_in_days",
    "aws_ecs_service.payment-processor": "desired_count",
    "aws_iam_role.fraud-detector-task-role": "assume_role_policy{Statement[0].Principal.AWS}",
    "aws_iam_role.payment-processor-task-role": "managed_policy_arns[0]",
    "aws_route.private-us-east-1c": "gateway_id",
    "aws_s3_bucket.access-logs": "policy",
    "aws_s3_bucket_policy.access-logs": "policy{Statement[0].Principal}",
    "aws_security_group.fraud-detector": "ingress[0]",
}
BY_AWS = {
    "aws_acm_certificate.main": "status",
    "aws_ecs_service.fraud-detector": "desired_count",
    "aws_eip.us-east-1a": "network_interface",
    "aws_iam_role.payment-processor-execution-role": "inline_policy",
    "aws_lb_listener_rule.api-gateway": (
        "action[0].forward[0].target_group[targetgroup/tg-api-gateway-green-sbx/eb83b58b30be8627].weight"
    ),
    "aws_lb_target_group.api-gateway": "load_balancer_arns",
    "aws_nat_gateway.us-east-1a": "secondary_allocation_ids",
    "aws_route_table.private-us-east-1a": "route",
    "aws_s3_bucket.access-logs": "lifecycle_rule[expire-access-logs]",
    "aws_s3_bucket_server_side_encryption_configuration.access-logs": "rule[0].bucket_key_enabled",
    "aws_secretsmanager_secret_version.payment-processor-database": "version_stages",
    "aws_security_group.payment-processor": "ingress",
}


def edited(edit: Callable[[Document], None]) -> Document:
    document = copy.deepcopy(REAL)
    edit(document)
    return document


def drifted(document: Document, address: str) -> Document:
    """The `change` of an address in a document."""
    return next(item["change"] for item in document["resource_drift"] if item["address"] == address)


def standing(document: Document, address: str) -> Document:
    """The values that AWS has of a resource."""
    resources = document["prior_state"]["values"]["root_module"]["resources"]
    return next(item["values"] for item in resources if item["address"] == address)


def illegal(document: Document, address: str) -> list[tuple[str, str]]:
    return [(entry.path, entry.reason) for entry in classify(document).illegal if entry.address == address]


@pytest.mark.parametrize(("address", "path"), BY_HAND.items())
def test_what_was_changed_by_hand_is_illegal(address: str, path: str) -> None:
    assert path in {entry.path for entry in classify(REAL).illegal if entry.address == address}


@pytest.mark.parametrize(("address", "path"), BY_AWS.items())
def test_what_aws_and_our_functions_change_is_legal(address: str, path: str) -> None:
    assert path in {entry.path for entry in classify(REAL).legal if entry.address == address}


def test_nothing_else_is_illegal_and_the_exit_code_says_so() -> None:
    drift = classify(REAL)

    assert {entry.address for entry in drift.illegal} == set(BY_HAND)
    assert drift.exit_code == 1


def test_without_the_changes_by_hand_the_drift_is_legal() -> None:
    def take_back(document: Document) -> None:
        document["resource_drift"] = [
            item
            for item in document["resource_drift"]
            if item["address"] not in BY_HAND or item["address"] == "aws_ecs_service.fraud-detector"
        ]
        for address in ("aws_security_group.fraud-detector", "aws_iam_role.payment-processor-task-role"):
            for attribute in ("ingress", "inline_policy", "managed_policy_arns"):
                standing(document, address).pop(attribute, None)

    drift = classify(edited(take_back))

    assert drift.illegal == ()
    assert drift.exit_code == 0


def test_a_rule_that_the_state_has_taken_in_is_still_illegal() -> None:
    def taken_in(document: Document) -> None:
        document["resource_drift"] = []

    found = illegal(edited(taken_in), "aws_security_group.fraud-detector")

    assert found == [("ingress[0]", "no resource of the state says it")]


@pytest.mark.parametrize(("count", "reasons"), [(1, 1), (2, 0), (10, 0), (11, 1), (True, 1), (None, 1)])
def test_scaling_keeps_within_its_target(count: Any, reasons: int) -> None:
    def scale(document: Document) -> None:
        drifted(document, "aws_ecs_service.fraud-detector")["before"]["desired_count"] = 5
        drifted(document, "aws_ecs_service.fraud-detector")["after"]["desired_count"] = count

    assert len(illegal(edited(scale), "aws_ecs_service.fraud-detector")) == reasons


def test_a_scaling_target_that_was_widened_by_hand_does_not_vouch() -> None:
    def widen(document: Document) -> None:
        address = "aws_appautoscaling_target.payment-processor"
        before = dict(standing(document, address))
        standing(document, address)["max_capacity"] = 50
        after = standing(document, address)
        change = {"actions": ["update"], "before": before, "after": after}
        document["resource_drift"].append({"address": address, "type": "aws_appautoscaling_target", "change": change})

    document = edited(widen)

    assert illegal(document, "aws_appautoscaling_target.payment-processor")
    assert illegal(document, "aws_ecs_service.payment-processor")


def a_third_group(groups: list[Document]) -> None:
    groups.append({"arn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/c/3", "weight": 0})


def another_group(groups: list[Document]) -> None:
    groups[0]["arn"] = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/c/3"


def no_weight(groups: list[Document]) -> None:
    for group in groups:
        group["weight"] = 0


def one_group(groups: list[Document]) -> None:
    del groups[0]


@pytest.mark.parametrize("edit", [a_third_group, another_group, no_weight, one_group])
def test_a_shift_moves_weights_between_the_same_two_target_groups(edit: Callable[[list[Document]], None]) -> None:
    def shift(document: Document) -> None:
        edit(drifted(document, "aws_lb_listener_rule.api-gateway")["after"]["action"][0]["forward"][0]["target_group"])

    assert illegal(edited(shift), "aws_lb_listener_rule.api-gateway")


def test_the_order_of_target_groups_says_nothing() -> None:
    def turn(document: Document) -> None:
        drifted(document, "aws_lb_listener_rule.api-gateway")["after"]["action"][0]["forward"][0][
            "target_group"
        ].reverse()

    assert not illegal(edited(turn), "aws_lb_listener_rule.api-gateway")


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (
            lambda change: change["after"].update(version_stages=["AWSPREVIOUS"]),
            "a rotation does not move PAYGATE_FIRST",
        ),
        (
            lambda change: change["after"].update(version_stages=["AWSPREVIOUS", "PAYGATE_FIRST", "MINE"]),
            "a rotation does not move MINE",
        ),
    ],
)
def test_a_rotation_moves_the_stages_of_aws_on_rotated_secrets(edit: Callable[[Document], None], reason: str) -> None:
    address = "aws_secretsmanager_secret_version.payment-processor-database"

    assert {why for _, why in illegal(edited(lambda document: edit(drifted(document, address))), address)} == {reason}


def test_a_secret_that_nobody_rotates_keeps_its_stages() -> None:
    def cancel(document: Document) -> None:
        resources = document["prior_state"]["values"]["root_module"]["resources"]
        resources[:] = [item for item in resources if item["type"] != "aws_secretsmanager_secret_rotation"]

    found = illegal(edited(cancel), "aws_secretsmanager_secret_version.payment-processor-database")

    assert [reason for _, reason in found] == ["this secret is not rotated"]


def test_an_address_that_is_not_at_its_nat_gateway_is_illegal() -> None:
    def move(document: Document) -> None:
        drifted(document, "aws_eip.us-east-1a")["after"]["network_interface"] = "eni-0000000000000000f"

    assert illegal(edited(move), "aws_eip.us-east-1a")


def test_a_load_balancer_of_somebody_else_is_illegal() -> None:
    def register(document: Document) -> None:
        arns = drifted(document, "aws_lb_target_group.api-gateway")["after"]["load_balancer_arns"]
        arns.append("arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/other/1")

    assert illegal(edited(register), "aws_lb_target_group.api-gateway")


def test_a_task_definition_that_no_deployment_of_ours_chose_is_illegal() -> None:
    def replace(document: Document) -> None:
        change = drifted(document, "aws_ecs_service.fraud-detector")
        change["before"]["task_definition"], change["after"]["task_definition"] = "t:1", "t:2"

    assert illegal(edited(replace), "aws_ecs_service.fraud-detector") == [
        ("task_definition", "nobody is known to change this")
    ]


def test_a_group_whose_rules_cannot_be_read_vouches_for_nothing() -> None:
    def unreadable(document: Document) -> None:
        standing(document, "aws_security_group.payment-processor")["ingress"][0]["from_port"] = "x"

    assert illegal(edited(unreadable), "aws_security_group.payment-processor")


def minimal(**parts: Any) -> Document:
    return {"format_version": "1.2", "planned_values": {}, "prior_state": {}, **parts}


def change(before: Any, after: Any, *actions: str, **marks: Any) -> Document:
    whole = {"actions": list(actions or ("update",)), "before": before, "after": after, **marks}
    return {"address": "aws_x.a", "type": "aws_x", "change": whole}


def test_no_drift_is_no_drift() -> None:
    assert classify(minimal()).entries == ()
    assert classify(minimal(resource_drift=[change({"a": 1}, {"a": 1}, "no-op")])).entries == ()


@pytest.mark.parametrize(
    ("drift", "legal"),
    [
        (change({"a": None}, {"a": []}), True),
        (change({"a": ""}, {}), True),
        (change({"a": '{"b": 1, "c": 2}'}, {"a": '{"c":2,"b":1}'}), True),
        (change({"a": None}, {"a": False}), False),
        (change({"a": None}, {"a": 0}), False),
        (change({"a": 1}, {"a": True}), False),
        (change({"a": 1}, {"a": 1}), False),
        (change({"a": 1}, None, "delete"), False),
        (change({"a": 1}, {"a": 1}, "forget"), False),
    ],
)
def test_nothing_in_another_form_is_legal_and_the_unknown_is_not(drift: Document, legal: bool) -> None:
    [entry] = classify(minimal(resource_drift=[drift])).entries

    assert entry.legal is legal


def test_sensitive_values_are_never_kept() -> None:
    drift = classify(minimal(resource_drift=[change({"a": "old"}, {"a": "new"}, before_sensitive={"a": True})]))

    assert [(entry.state, entry.found) for entry in drift.illegal] == [(Marker.SENSITIVE, Marker.SENSITIVE)]


def test_a_changed_output_is_illegal_and_a_sensitive_one_is_hidden() -> None:
    outputs = {
        "a": {"actions": ["update"], "before": 1, "after": 2},
        "b": {"actions": ["update"], "before": 1, "after": 2, "after_sensitive": True},
        "c": {"actions": ["no-op"], "before": 1, "after": 1},
    }
    found = [(entry.address, entry.found) for entry in classify(minimal(output_changes=outputs)).illegal]

    assert found == [("output.a", 2), ("output.b", Marker.SENSITIVE)]


def test_what_the_state_does_not_know_is_illegal() -> None:
    [entry] = classify(minimal(), [("listener 80 of alb-pr42", "HTTP")]).illegal

    assert (entry.address, entry.found, entry.reason) == (
        "listener 80 of alb-pr42",
        "HTTP",
        "AWS has it and the state does not",
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "this is not a plan that only reads"),
        (None, "found NoneType"),
        ({"values": {}, "format_version": "1.0"}, "found a state"),
        ({"format_version": "1.2", "planned_values": {}}, "no prior_state"),
        (minimal(format_version="2.0"), "format_version 2.0"),
        (minimal(errored=True), "ended in an error"),
        (minimal(resource_drift=[{"address": "a"}]), "`resource_drift` is not a list of changes"),
        (minimal(resource_drift="x"), "`resource_drift` is not a list of changes"),
        (minimal(resource_changes=[change(None, {"a": 1}, "create")]), "this plan changes something"),
    ],
)
def test_a_document_that_is_no_refresh_only_plan_is_refused(document: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        classify(document)
