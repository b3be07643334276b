"""Real Terraform and provider on a small stack: what a plan means, and what was changed by hand afterwards."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from delivery.changes.markdown import plan_markdown
from delivery.changes.report import PlanReport, describe_plan
from delivery.changes.summary import Action
from delivery.drift.drift import classify
from delivery.sandbox.emulator import ACCOUNT_ID
from delivery.terraform.mirrors import choose, requirements, search_folders
from delivery.terraform.program import find_terraform
from delivery.terraform.runner import Terraform
from delivery.terraform.workspace import Workspace, prepare_workspace
from tests.integration.sandbox.conftest import REGION

LOGS, ROLE, POLICY = "aws_cloudwatch_log_group.api", "aws_iam_role.task", "aws_iam_role_policy.task"
GROUP, RULE = "aws_security_group.api", "aws_vpc_security_group_ingress_rule.api"


def policy(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "${aws_cloudwatch_log_group.api.arn}:*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "Logs", **statement}]})


TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
STACK: dict[str, Any] = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.0"}}},
    "provider": {"aws": [{"region": REGION}]},
    "resource": {
        "aws_cloudwatch_log_group": {"api": {"name": "logs-pr42", "retention_in_days": 30}},
        "aws_iam_role": {
            "task": {
                "name": "task-pr42",
                "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}),
            }
        },
        "aws_iam_role_policy": {
            "task": {"name": "task-pr42", "role": "${aws_iam_role.task.id}", "policy": policy("logs:PutLogEvents")}
        },
        "aws_security_group": {"api": {"name": "group-pr42"}},
        "aws_vpc_security_group_ingress_rule": {
            "api": {
                "security_group_id": "${aws_security_group.api.id}",
                "cidr_ipv4": "10.0.0.0/8",
                "ip_protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
            }
        },
    },
}


@pytest.fixture
def terraform(emulator: Any, tmp_path: Path) -> Terraform:
    """Initialized, with nothing applied."""
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "cdk.tf.json").write_text(json.dumps(STACK))
    program = find_terraform(os.environ)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT_ID,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
    }
    mirrors = search_folders(None, os.environ)
    choices = choose(requirements(STACK), mirrors, program.platform, newest_if_none_admitted=True)
    workspace = prepare_workspace(tmp_path / "stack" / "cdk.tf.json", tmp_path / "run", choices)
    made = Terraform(program, workspace, environment, 120.0)
    made.init([choice.folder for choice in choices])
    return made


def planned(terraform: Terraform) -> PlanReport:
    terraform.plan()
    return describe_plan(terraform.planned_state(), "small-pr42", passed=True, verdict="5 resources")


def rewrite(workspace: Workspace) -> None:
    """A log group under another name, a wider permission, and no rule."""
    config = copy.deepcopy(STACK)
    config["resource"]["aws_cloudwatch_log_group"]["api"]["name"] = "logs-new-pr42"
    config["resource"]["aws_iam_role_policy"]["task"]["policy"] = policy("logs:PutLogEvents", "logs:DeleteLogStream")
    del config["resource"]["aws_vpc_security_group_ingress_rule"]
    workspace.replace_config(config)


def tamper(emulator: Any, group_id: str) -> None:
    emulator.client("logs").put_retention_policy(logGroupName="logs-pr42", retentionInDays=7)
    emulator.client("iam").attach_role_policy(
        RoleName="task-pr42", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    open_ = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    emulator.client("ec2").authorize_security_group_ingress(GroupId=group_id, IpPermissions=[open_])


def test_a_stack_is_planned_changed_and_tampered_with(emulator: Any, terraform: Terraform) -> None:
    first = planned(terraform)
    assert first.summary.counts == {Action.ADDED: 5}
    assert [(one.address, one.what, len(one.gained)) for one in first.permissions] == [(ROLE, "created", 2)]
    terraform.apply()

    lagging = classify(terraform.refreshed())
    assert lagging.illegal == ()
    assert {(entry.address, entry.path) for entry in lagging.legal} >= {(GROUP, "ingress"), (ROLE, "inline_policy")}
    assert planned(terraform).is_empty

    rewrite(terraform.workspace)
    second = planned(terraform)
    assert {one.address: one.action for one in second.summary.changes} == {
        LOGS: Action.REPLACED,
        POLICY: Action.CHANGED,
        RULE: Action.DESTROYED,
    }
    assert second.summary.changes[1].forced_by == ("name",)
    [role] = second.permissions
    [(_, wider)] = role.changed
    assert wider.actions == ("logs:DeleteLogStream", "logs:PutLogEvents")
    assert wider.resources == ("${aws_cloudwatch_log_group.api.arn}:*",)
    assert "**`+ logs:DeleteLogStream`**" in plan_markdown(second)

    [group] = emulator.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["group-pr42"]}]
    )["SecurityGroups"]
    tamper(emulator, group["GroupId"])
    drift = classify(terraform.refreshed())
    assert {(entry.address, entry.path) for entry in drift.illegal} == {
        (LOGS, "retention_in_days"),
        (ROLE, "managed_policy_arns[0]"),
        (GROUP, "ingress[0]"),
    }
    assert drift.exit_code == 1
