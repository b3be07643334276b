"""The rules of roles and images over a state: ARNs and names instead of references, and ways to break them."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph.state import load_shown_state
from policies.registry import all_rules
from policies.spec import load_spec
from policies.verdict import Judged

ACCOUNT, HOST = "123456789012", "123456789012.dkr.ecr.us-east-1.amazonaws.com"
REPOSITORY = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/payments/payment-api"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:log-group-payment-api-production-pr42"
DIGEST = "sha256:" + "0" * 64
RULES = ("explicit-resource-arns", "explicit-actions", "execution-role-pulls-images", "execution-role-writes-logs",
         "execution-role-reach", "roles-per-service", "role-trust", "confused-deputy", "own-account-principals",
         "private-images", "pinned-images", "repository-origin", "scan-on-push")  # fmt: skip


def allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def role(name: str) -> dict[str, Any]:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "id": name,
        "name": name,
        "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "assume_role_policy": json.dumps({"Statement": [{**trust, "Condition": condition}]}),
    }


def good() -> dict[tuple[str, str], dict[str, Any]]:
    """The values of one service's resources, as AWS gives them back."""
    statements = [
        allow(["ecr:GetAuthorizationToken"], "*"),
        allow(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], REPOSITORY),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{GROUP}:log-stream:*"),
    ]
    container = {
        "name": "payment-api",
        "image": f"{HOST}/payments/payment-api@{DIGEST}",
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {"awslogs-group": GROUP.rpartition(":")[2], "awslogs-stream-prefix": "x"},
        },
    }
    return {
        ("data", "aws_caller_identity"): {"account_id": ACCOUNT},
        ("data", "aws_ecr_repository"): {
            "arn": REPOSITORY,
            "name": "payments/payment-api",
            "repository_url": f"{HOST}/payments/payment-api",
            "image_scanning_configuration": [{"scan_on_push": True}],
        },
        ("managed", "aws_cloudwatch_log_group"): {"arn": GROUP, "name": GROUP.rpartition(":")[2]},
        ("managed", "aws_iam_role"): role("execution"),
        ("managed", "aws_iam_role "): role("task"),
        ("managed", "aws_iam_role_policy"): {"role": "execution", "policy": json.dumps({"Statement": statements})},
        ("managed", "aws_ecs_task_definition"): {
            "execution_role_arn": f"arn:aws:iam::{ACCOUNT}:role/execution",
            "task_role_arn": f"arn:aws:iam::{ACCOUNT}:role/task",
            "container_definitions": json.dumps([container]),
        },
    }


def red(values: dict[tuple[str, str], dict[str, Any]]) -> set[str]:
    """The rules that are not content with a state of these values."""
    resources = [
        {
            "address": f"{'data.' if mode == 'data' else ''}{kind.strip()}.a{index}",
            "mode": mode,
            "type": kind.strip(),
            "name": f"a{index}",
            "values": body,
        }
        for index, ((mode, kind), body) in enumerate(values.items())
    ]
    document = {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}
    graph = load_shown_state(document, Path("state.json"), None)
    spec = load_spec("payments")
    found = {rule.id: list(run_rule(rule, graph, spec)) for rule in all_rules() if rule.id in RULES}
    assert all(isinstance(item, Judged) for items in found.values() for item in items), found
    return {rule for rule, items in found.items() if items}


def test_a_good_state_is_green() -> None:
    assert red(good()) == set()


ECS = '"Service": "ecs-tasks.amazonaws.com"'
ROLE_POLICY, TASK = ("managed", "aws_iam_role_policy"), ("managed", "aws_ecs_task_definition")
DATA, ROLE = ("data", "aws_ecr_repository"), ("managed", "aws_iam_role")


@pytest.mark.parametrize(
    ("place", "attribute", "change", "rules"),
    [
        (ROLE_POLICY, "policy", lambda text: text.replace(REPOSITORY, "*"),
         {"explicit-resource-arns", "execution-role-pulls-images", "execution-role-reach"}),
        (ROLE_POLICY, "policy", lambda text: text.replace("payments/payment-api", "payments/other"),
         {"execution-role-pulls-images", "execution-role-reach"}),
        (ROLE_POLICY, "policy", lambda text: text.replace("ecr:BatchGetImage", "ecr:Batch*"),
         {"explicit-actions", "execution-role-pulls-images", "execution-role-reach"}),
        (ROLE_POLICY, "policy", lambda text: text.replace("logs:PutLogEvents", "logs:PutLogEvent"),
         {"explicit-actions", "execution-role-reach", "execution-role-writes-logs"}),
        (ROLE_POLICY, "policy", lambda text: text.replace(":log-stream:*", "-other:*"),
         {"execution-role-writes-logs", "execution-role-reach"}),
        (ROLE_POLICY, "role", lambda _: "task", {"execution-role-pulls-images", "execution-role-writes-logs"}),
        (TASK, "task_role_arn", lambda text: text.replace("/task", "/execution"), {"roles-per-service", "role-trust"}),
        (TASK, "container_definitions", lambda text: text.replace(f"@{DIGEST}", ":1.2"), {"pinned-images"}),
        (TASK, "container_definitions", lambda text: text.replace(HOST, HOST.replace(ACCOUNT, "210987654321")),
         {"repository-origin", "execution-role-pulls-images", "execution-role-reach"}),
        (TASK, "container_definitions", lambda text: text.replace(HOST, "public.ecr.aws"),
         {"private-images", "repository-origin", "execution-role-reach"}),
        (DATA, "image_scanning_configuration", lambda _: [{"scan_on_push": False}], {"scan-on-push"}),
        (DATA, "image_scanning_configuration", lambda _: [], {"scan-on-push"}),
        (ROLE, "assume_role_policy", lambda text: text.replace("aws:SourceAccount", "aws:SourceVpc"),
         {"confused-deputy"}),
        (ROLE, "assume_role_policy", lambda text: text.replace(ECS, '"AWS": "210987654321"'),
         {"role-trust", "own-account-principals"}),
        (ROLE, "assume_role_policy", lambda text: text.replace(ECS, f'"AWS": "{ACCOUNT}"'),
         {"role-trust"}),
    ],
)  # fmt: skip
def test_a_broken_state_is_red(
    place: tuple[str, str], attribute: str, change: Callable[[Any], Any], rules: set[str]
) -> None:
    values = copy.deepcopy(good())
    values[place][attribute] = change(values[place][attribute])
    assert values != good()

    assert red(values) == rules
