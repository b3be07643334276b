"""The bootstrap stack: what the CI role may do is what a deployment does, and no more than the settings say."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.bootstrap.app import synthesize
from infra.bootstrap.grants.identity import PASSED_TO
from infra.bootstrap.settings import load
from tests.conftest import BOOTSTRAP

RECORDED: dict[str, str] = json.loads(Path(__file__).with_name("recorded_calls.json").read_text())["actions"]
CALLS = [f"{service}:{name}" for service, names in RECORDED.items() for name in names.split()]
# Where the name of a resource stands -> the service and type before it in an ARN.
NAMED = {
    "aws_cloudwatch_event_rule": "events:us-east-1:000000000000:rule/",
    "aws_cloudwatch_log_group": "logs:us-east-1:000000000000:log-group:",
    "aws_cloudwatch_metric_alarm": "cloudwatch:us-east-1:000000000000:alarm:",
    "aws_ecr_repository": "ecr:us-east-1:000000000000:repository/",
    "aws_ecs_cluster": "ecs:us-east-1:000000000000:cluster/",
    "aws_iam_role": "iam::000000000000:role/",
    "aws_kms_alias": "kms:us-east-1:000000000000:",
    "aws_lambda_function": "lambda:us-east-1:000000000000:function:",
    "aws_s3_bucket": "s3:::",
}
CREATE = {
    "aws_cloudwatch_event_rule": "events:PutRule",
    "aws_cloudwatch_log_group": "logs:CreateLogGroup",
    "aws_cloudwatch_metric_alarm": "cloudwatch:PutMetricAlarm",
    "aws_ecr_repository": "ecr:CreateRepository",
    "aws_ecs_cluster": "ecs:CreateCluster",
    "aws_iam_role": "iam:CreateRole",
    "aws_kms_alias": "kms:CreateAlias",
    "aws_lambda_function": "lambda:CreateFunction",
    "aws_s3_bucket": "s3:CreateBucket",
}
NAME_OF = {
    "aws_s3_bucket": "bucket",
    "aws_lambda_function": "function_name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
}
ACCOUNT = "${data.aws_caller_identity.current.account_id}"
PARTITION = "${data.aws_partition.partition.partition}"


def filled_in(text: str) -> str:
    return text.replace(ACCOUNT, "000000000000").replace(PARTITION, "aws")


def statements(bootstrap: dict[str, Any], *, boundary: bool = False) -> Iterator[dict[str, Any]]:
    for name, policy in bootstrap["resource"]["aws_iam_policy"].items():
        if (name == "ci-boundary") is boundary:
            yield from json.loads(filled_in(policy["policy"]))["Statement"]


def allows(bootstrap: dict[str, Any], action: str, arn: str | None = None) -> bool:
    """Whether the grants name the action, and match the ARN if one is given; conditions are not looked at."""
    return any(
        action in statement["Action"] and (arn is None or any(fnmatchcase(arn, each) for each in statement["Resource"]))
        for statement in statements(bootstrap)
    )


@pytest.mark.parametrize("action", CALLS)
def test_every_call_of_a_recorded_deployment_is_allowed_to_ci(action: str, bootstrap: dict[str, Any]) -> None:
    assert allows(bootstrap, action)


@pytest.mark.parametrize("action", CALLS)
def test_every_call_of_a_recorded_deployment_is_within_the_boundary(action: str, bootstrap: dict[str, Any]) -> None:
    allowed = [
        name for item in statements(bootstrap, boundary=True) if item["Effect"] == "Allow" for name in item["Action"]
    ]
    assert any(fnmatchcase(action, name) for name in allowed)


@cache
def platform(name: str, suffix: str, out: Path) -> dict[str, Any]:
    from infra.app import synthesize as synthesize_platform
    from infra.settings import load as load_platform

    settings = load_platform(BOOTSTRAP.with_name(f"{name}.production.yaml"), suffix)
    decoded: dict[str, Any] = json.loads(synthesize_platform(settings, out).read_text())
    return decoded


@pytest.mark.parametrize("name", ["payments", "gateway"])
@pytest.mark.parametrize(("suffix", "within"), [("prod", True), ("n-17", True), ("pr42", False)])
def test_ci_makes_resources_whose_names_end_in_its_suffixes_and_no_others(
    name: str, suffix: str, within: bool, bootstrap: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stack = platform(name, suffix, tmp_path_factory.mktemp("out"))
    looked_at = 0
    for kind, prefix in NAMED.items():
        for body in stack["resource"].get(kind, {}).values():
            arn = f"arn:aws:{prefix}{filled_in(body[NAME_OF.get(kind, 'name')])}"
            assert allows(bootstrap, CREATE[kind], arn) is within, arn
            looked_at += 1
    assert looked_at > 15


@pytest.mark.parametrize("name", ["payments", "gateway"])
def test_every_role_of_a_platform_has_a_service_that_it_may_be_passed_to(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And the service is the one that the role trusts."""
    stack = platform(name, "prod", tmp_path_factory.mktemp("out"))
    for role in stack["resource"]["aws_iam_role"].values():
        (service,) = {of for prefix, of in PASSED_TO.items() if role["name"].startswith(prefix)}
        assert json.loads(role["assume_role_policy"])["Statement"][0]["Principal"] == {"Service": service}


def test_an_account_that_has_the_identity_provider_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "bootstrap.yaml"
    file.write_text(BOOTSTRAP.read_text().replace("create_provider: true", "create_provider: false"))
    stack = json.loads(synthesize(load(file), tmp_path / "out").read_text())
    assert "aws_iam_openid_connect_provider" not in stack["resource"]
    trust = json.loads(stack["resource"]["aws_iam_role"]["ci"]["assume_role_policy"])["Statement"][0]
    assert trust["Principal"]["Federated"] == "${data.aws_iam_openid_connect_provider.github.arn}"


def test_the_spec_judges_it_green_and_names_every_rule_that_ran(bootstrap_path: Path) -> None:
    from datetime import date

    from policies.gate import judge

    verdict = judge(bootstrap_path.parent, today=date(2026, 11, 26))
    assert (verdict.exit_code, verdict.spec, len(verdict.rules)) == (0, "bootstrap", 25)


def test_an_account_with_its_own_provider_is_judged_green(tmp_path: Path) -> None:
    from datetime import date

    from policies.gate import judge

    file = tmp_path / "bootstrap.yaml"
    file.write_text(BOOTSTRAP.read_text().replace("create_provider: true", "create_provider: false"))
    path = synthesize(load(file), tmp_path / "out")
    assert judge(path.parent, today=date(2026, 11, 26)).exit_code == 0
