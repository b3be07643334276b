"""The admin secrets of rotation functions exist under the ARNs that the stack names, and open what they are for."""

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.errors import UserError
from delivery.sandbox.leftovers import find_leftovers
from delivery.sandbox.prerequisites import Seeded, seed
from tests.integration.sandbox.gateway import ADMINS, DATABASE, KEYS, TARGETS, Gateway, stack


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps(stack()))
    return file


def _value(account: Any, arn: str) -> dict[str, str]:
    value: dict[str, str] = json.loads(account.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    return value


@pytest.mark.clause("G.7.3", proof="test")
def test_each_admin_secret_has_its_given_arn_and_what_opens_its_targets(emulator: Any, stack_file: Path) -> None:
    assert seed(stack_file, emulator) == [
        Seeded("secretsmanager", "secret", "database-admin"),
        Seeded("secretsmanager", "secret", "card-network-admin"),
    ]
    assert set(_value(emulator, ADMINS["payer"])) == {"username", "password"}
    assert set(_value(emulator, ADMINS["card"])) == {"token"}
    described = emulator.client("secretsmanager").describe_secret(SecretId="database-admin")
    assert described["ARN"] == ADMINS["payer"]


def test_what_was_seeded_is_not_left_over(emulator: Any, stack_file: Path) -> None:
    environment = {
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }
    seeded = seed(stack_file, emulator)
    assert find_leftovers(environment, seeded) == []
    assert len(find_leftovers(environment, [])) == 2
    emulator.client("secretsmanager").create_secret(Name="forgotten", SecretString="x")
    emulator.client("secretsmanager").delete_secret(SecretId="forgotten", RecoveryWindowInDays=7)
    assert [str(leftover) for leftover in find_leftovers(environment, seeded)] == ["secretsmanager secret forgotten"]


def test_seeding_again_changes_no_secret_and_starts_no_second_server(emulator: Any) -> None:
    gateway = Gateway(emulator)
    before = gateway.redirects
    version = gateway.secrets.put_secret_value(
        SecretId=ADMINS["payer"], SecretString=json.dumps({"username": "u", "password": "p"})
    )["VersionId"]
    gateway.seed()
    assert gateway.secrets.get_secret_value(SecretId=ADMINS["payer"])["VersionId"] == version
    assert gateway.redirects == before
    assert set(before) == {DATABASE, KEYS}
    assert _value(emulator, ADMINS["payer"]) == {"username": "u", "password": "p"}


def test_one_admin_secret_may_open_a_database_and_an_api(emulator: Any, tmp_path: Path) -> None:
    functions = {
        name: {"environment": {"variables": {"TARGET": json.dumps(TARGETS[name]), "ADMIN_SECRET_ARN": ADMINS["payer"]}}}
        for name in ("payer", "card")
    }
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps({"resource": {"aws_lambda_function": functions}}))
    seed(file, emulator)
    assert set(_value(emulator, ADMINS["payer"])) == {"username", "password", "token"}
    emulator.client("secretsmanager").put_secret_value(SecretId=ADMINS["payer"], SecretString='{"token": "mine"}')
    seed(file, emulator)
    completed = _value(emulator, ADMINS["payer"])
    assert (set(completed), completed["token"]) == ({"username", "password", "token"}, "mine")


def test_only_a_stand_in_can_be_out(emulator: Any) -> None:
    with pytest.raises(AssertionError, match=r"nobody\.example:443"), Gateway(emulator).outage("nobody.example:443"):
        pass


def test_two_admin_secrets_of_one_database_are_two_admins(emulator: Any, tmp_path: Path) -> None:
    """One user for both would have the password of the last one only."""
    functions = {
        name: {"environment": {"variables": {"TARGET": json.dumps(TARGETS[name]), "ADMIN_SECRET_ARN": ADMINS[of]}}}
        for name, of in (("payer", "payer"), ("detector", "card"))
    }
    file = tmp_path / "cdk.tf.json"
    file.write_text(json.dumps({"resource": {"aws_lambda_function": functions}}))
    seed(file, emulator)
    admins = [_value(emulator, ADMINS[of]) for of in ("payer", "card")]
    assert admins[0]["username"] != admins[1]["username"]


def test_seeding_while_a_database_is_out_is_one_error(emulator: Any, stack_file: Path) -> None:
    gateway = Gateway(emulator)
    with (
        gateway.outage(DATABASE),
        pytest.raises(UserError, match=r"database payments-db\.example\.internal takes no connections"),
    ):
        seed(stack_file, emulator)
    seed(stack_file, emulator)
