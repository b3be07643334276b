"""Credentials are found wherever they stand and never repeated; ids, digests and references are none."""

import pytest

from policies.engine import run_rule
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import load_spec
from policies.verdict import Judged, Problem

RULE = next(rule for rule in all_rules() if rule.id == "no-credentials")
KEY = "AKIA" + "IOSFODNN7EXAMPLE"


def outcomes(document: dict[str, object]) -> list[Judged | Problem]:
    return list(run_rule(RULE, load_document(document), load_spec("baseline")))


@pytest.mark.parametrize(
    "document",
    [
        {"resource": {"aws_x": {"y": {"user_data": f"export AWS_ACCESS_KEY_ID={KEY}"}}}},
        {"resource": {"aws_db_instance": {"y": {"password": "correct horse"}}}},
        {"resource": {"aws_db_instance": {"y": [{"password": "correct horse"}]}}},
        {"resource": {"aws_secretsmanager_secret_version": {"y": {"secret_string": "${random_password.db.result}"}}}},
        {"resource": {"aws_lambda_function": {"y": {"environment": [{"variables": {"API_KEY": "hunter2hunter2"}}]}}}},
        {"data": {"http": {"y": {"url": "https://user:hunter22@example.com/x"}}}},
        {"provider": {"aws": [{"secret_key": "hunter2hunter2"}]}},
        {"terraform": {"backend": {"s3": {"secret_key": "hunter2hunter2"}}}},
        {"output": {"db_password": {"value": "x", "description": "Password=hunter22"}}},
        {"variable": {"api_key": {"default": "hunter2hunter2"}}},
        {"locals": {"nested": {"deep": [{"private_key": "-----BEGIN RSA PRIVATE KEY-----"}]}}},
        {"resource": {"aws_ssm_parameter": {"y": {"value": '{"client": "a", "client_secret": "hunter2hunter2"}'}}}},
    ],
)
def test_found(document: dict[str, object]) -> None:
    found = outcomes(document)

    assert found
    assert all(isinstance(item, Judged) for item in found)
    assert "hunter" not in repr(found)
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    "document",
    [
        {"resource": {"aws_x": {"y": {"image": "repo@sha256:" + "3f9a1c5be7d20864" * 4}}}},
        {
            "resource": {
                "aws_x": {"y": {"secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"}}
            }
        },
        {"resource": {"aws_x": {"y": {"kms_key_id": "1234abcd-12ab-34cd-56ef-1234567890ab"}}}},
        {"resource": {"aws_x": {"y": {"password": ""}}}},
        {"resource": {"aws_x": {"y": {"password": None, "secret": True}}}},
        {"resource": {"aws_x": {"y": {"description": "Passwords are kept in the vault: ask the owner"}}}},
        {"resource": {"aws_x": {"y": {"//": {"metadata": {"api_key": "hunter2hunter2"}}}}}},
    ],
)
def test_nothing_to_find(document: dict[str, object]) -> None:
    assert outcomes(document) == []
