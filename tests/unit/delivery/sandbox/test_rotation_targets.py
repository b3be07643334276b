"""What rotation functions refer to is read from the JSON, and what cannot be seeded is one clear error."""

import json
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.sandbox.rotation_targets import RotationTarget, read_rotation_targets
from delivery.sandbox.stack_json import Seeded

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:team/database-admin-Ex4mPl"
DATABASE = {"kind": "database-user", "host": "db.example", "port": 5432, "database": "d", "username": "u"}
KEY = {"kind": "api-key", "endpoint": "https://keys.example/v1"}


def _config(target: Any, arn: Any = ARN, *, as_list: bool = False) -> dict[str, Any]:
    text = target if isinstance(target, str) else json.dumps(target)
    environment: Any = {"variables": {"TARGET": text, "ADMIN_SECRET_ARN": arn, "SECRET_ARN": "${x}"}}
    function = {"environment": [environment] if as_list else environment}
    return {
        "resource": {
            "aws_lambda_function": {
                "r": [function] if as_list else function,
                "redeployment": {"environment": {"variables": {"CLUSTER": "c"}}},
                "bare": {},
            }
        }
    }


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize("target", [DATABASE, KEY])
@pytest.mark.parametrize("as_list", [False, True])
def test_only_functions_with_a_target_and_an_admin_secret_count(target: dict[str, Any], as_list: bool) -> None:
    assert list(read_rotation_targets(_config(target, as_list=as_list))) == [RotationTarget(ARN, target)]


def test_a_target_has_the_fields_of_its_kind_and_no_others() -> None:
    (found,) = read_rotation_targets(_config({**KEY, "note": "n"}))
    assert found.target == KEY


def test_what_is_seeded_is_the_secret_under_the_name_that_a_listing_gives() -> None:
    assert RotationTarget(ARN, KEY).seeded == (Seeded("secretsmanager", "secret", "team/database-admin"),)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "{",
        "[]",
        "${var.target}",
        {},
        {"kind": "mainframe"},
        {"kind": ["api-key"]},
        {"kind": "api-key"},
        {"kind": "api-key", "endpoint": 1},
        {**DATABASE, "port": "5432"},
        {name: value for name, value in DATABASE.items() if name != "username"},
    ],
)
def test_a_target_that_cannot_be_seeded_is_one_error(target: Any) -> None:
    with pytest.raises(UserError, match=r"aws_lambda_function\.r\.environment\.variables\.TARGET: the target of a"):
        list(read_rotation_targets(_config(target)))


@pytest.mark.parametrize(
    "arn", ["", None, "database-admin", "${aws_secretsmanager_secret.a.arn}", ARN.removesuffix("-admin-Ex4mPl")]
)
def test_an_admin_secret_without_its_whole_arn_is_one_error(arn: Any) -> None:
    with pytest.raises(UserError, match=r"ADMIN_SECRET_ARN: the admin secret cannot be seeded.*six characters"):
        list(read_rotation_targets(_config(KEY, arn)))
