"""Secrets and functions that the rules have to leave alone although they are not as ours, and what is never told."""

import copy
import json
from typing import Any

import pytest

from policies.engine import Outcome, run_rule
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import load_spec
from tests.unit.policies.rules.applied import applied

RULES = {loaded.id: loaded for loaded in all_rules() if loaded.module.split(".")[2] in ("secrets", "function")}
NAME = "fraud-detector-database"
ROTATION, VERSION = "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_version"
FUNCTION, POLICY, TASK = "aws_lambda_function", "aws_iam_role_policy", "aws_ecs_task_definition"
RANDOM = f"ephemeral.aws_secretsmanager_random_password.{NAME}.random_password"
KEY_OF_ADMIN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def judged(document: dict[str, Any]) -> list[Outcome]:
    graph, spec = load_document(document), load_spec("gateway")
    return [found for loaded in RULES.values() for found in run_rule(loaded, graph, spec)]


def with_values(document: dict[str, Any], kind: str, name: str, **values: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["resource"][kind][name].update(values)
    return changed


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    "schedule",
    [
        {"automatically_after_days": "7"},
        [{"automatically_after_days": 1}],
        {"schedule_expression": "rate(10 days)", "duration": "3h"},
        {"schedule_expression": "rate(12 hours)"},
    ],
    ids=["a text", "a list", "a rate in days", "a rate in hours"],
)
def test_every_schedule_that_is_often_enough_passes(schedule: Any, gateway: dict[str, Any]) -> None:
    assert judged(with_values(gateway, ROTATION, NAME, rotation_rules=schedule)) == []


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    "expression", ["rate(31 days)", "rate(1000 hours)", "rate(0 days)", "rate(ten days)", "cron(0 8 ? * 1 *)"]
)
def test_a_schedule_that_is_rarer_or_cannot_be_read_does_not(expression: str, gateway: dict[str, Any]) -> None:
    assert judged(with_values(gateway, ROTATION, NAME, rotation_rules={"schedule_expression": expression}))


@pytest.mark.clause("G.7.1", "G.7.3", proof="test")
def test_a_value_that_terraform_encodes_passes(gateway: dict[str, Any]) -> None:
    """The same value as `jsonencode({...})`, as somebody writes it by hand."""
    value = json.loads(gateway["resource"][VERSION][NAME]["secret_string_wo"])
    fields = ", ".join(f"{key} = {json.dumps(item)}" for key, item in value.items())
    written = f"${{jsonencode({{{fields}}})}}"
    assert judged(with_values(gateway, VERSION, NAME, secret_string_wo=written)) == []


@pytest.mark.clause("G.7.3", proof="test")
def test_a_password_by_hand_is_seen_in_what_terraform_encodes(gateway: dict[str, Any]) -> None:
    written = f'${{jsonencode({{ password = "correct horse", note = {RANDOM} }})}}'
    assert judged(with_values(gateway, VERSION, NAME, secret_string_wo=written))


@pytest.mark.clause("G.7.1", proof="test")
def test_the_key_may_be_named_by_its_alias(gateway: dict[str, Any]) -> None:
    rule, spec = RULES["secret-encryption"], load_spec("gateway")
    changed = with_values(gateway, "aws_secretsmanager_secret", NAME, kms_key_id="${aws_kms_alias.secrets.arn}")
    assert list(run_rule(rule, load_document(changed), spec)) == []


@pytest.mark.clause("G.7.3", proof="test")
def test_a_rotation_may_use_the_key_of_its_admin_secret(gateway: dict[str, Any]) -> None:
    role = f"{NAME}-rotation"
    policy = json.loads(gateway["resource"][POLICY][role]["policy"])
    policy["Statement"][-1]["Resource"].append(KEY_OF_ADMIN)
    assert judged(with_values(gateway, POLICY, role, policy=json.dumps(policy))) == []


@pytest.mark.clause("G.7.3", proof="test")
def test_labels_may_have_moved_in_a_stack_that_runs(gateway: dict[str, Any]) -> None:
    """After one rotation the first version is the previous one, after two it has its own label alone."""
    for stages in (["AWSPREVIOUS", "PAYGATE_FIRST"], ["PAYGATE_FIRST"]):
        graph = applied(with_values(gateway, VERSION, NAME, version_stages=stages))
        assert list(run_rule(RULES["secret-first-version"], graph, load_spec("gateway"))) == []


@pytest.mark.parametrize("place", ["container", "SECRET_ARN", "ADMIN_SECRET_ARN"])
def test_what_stands_where_an_arn_should_is_never_told(place: str, gateway: dict[str, Any]) -> None:
    changed = copy.deepcopy(gateway)
    if place == "container":
        task = changed["resource"][TASK]["fraud-detector"]
        containers = json.loads(task["container_definitions"])
        containers[0]["secrets"][0]["valueFrom"] = "correct horse battery"
        task["container_definitions"] = json.dumps(containers)
    else:
        changed["resource"][FUNCTION][f"{NAME}-rotation"]["environment"]["variables"][place] = "correct horse battery"

    found = judged(changed)

    assert found
    assert "correct horse" not in repr(found)


def test_a_platform_without_secrets_has_nothing_to_say_about_them(payments: dict[str, Any]) -> None:
    graph, spec = load_document(payments), load_spec("payments")
    assert [found for loaded in RULES.values() for found in run_rule(loaded, graph, spec)] == []
