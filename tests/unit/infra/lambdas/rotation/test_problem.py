"""How an error is told: its kind and its code, and never its text."""

import json
import ssl
from pathlib import Path

import pytest
from pg8000.exceptions import DatabaseError, InterfaceError

from infra.lambdas.rotation import steps
from infra.lambdas.rotation.problem import RotationError, described, told_as
from tests.unit.infra.lambdas.interruptions import Killed
from tests.unit.infra.lambdas.secrets_manager import failed

CANARY = "canary-9c2e"


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, f"[SSL] {CANARY}")
    error.verify_message = "unable to get local issuer certificate"
    return error


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KeyError(CANARY), "KeyError"),
        (ValueError(f"Invalid header value b'Bearer {CANARY}'"), "ValueError"),
        (json.JSONDecodeError("Expecting value", CANARY, 0), "JSONDecodeError"),
        (failed("AccessDenied", "GetSecretValue", CANARY), "ClientError (AccessDenied of GetSecretValue)"),
        (failed(f"Odd code {CANARY}", "GetSecretValue"), "ClientError (? of GetSecretValue)"),
        (DatabaseError({"C": "28P01", "M": CANARY}), "DatabaseError (SQLSTATE 28P01)"),
        (DatabaseError({"C": f"{CANARY} {CANARY}", "M": CANARY}), "DatabaseError (SQLSTATE ?)"),
        (DatabaseError({"M": CANARY}), "DatabaseError (SQLSTATE ?)"),
        (InterfaceError(CANARY), "InterfaceError"),
        (certificate_error(), "SSLCertVerificationError (unable to get local issuer certificate)"),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)  # fmt: skip
def test_an_error_is_told_by_its_kind_and_code(error: Exception, text: str) -> None:
    assert described(error) == text


def test_the_kind_of_its_cause_is_told_as_well() -> None:
    error = InterfaceError(CANARY)
    error.__cause__ = ConnectionRefusedError(CANARY)

    assert described(error) == "InterfaceError (ConnectionRefusedError)"


def test_the_place_in_the_function_is_told_by_file_and_line() -> None:
    with pytest.raises(AttributeError) as raised:
        steps.take_step(None, None, None, {})  # type: ignore[arg-type]

    line = raised.value.__traceback__.tb_next.tb_lineno  # type: ignore[union-attr]
    assert described(raised.value) == f"AttributeError ({Path(steps.__file__).name}:{line})"


@pytest.mark.clause("G.7.3", proof="test")
def test_whatever_goes_wrong_becomes_one_message() -> None:
    with pytest.raises(RotationError) as told, told_as("the target is away", "Start it."):
        raise OSError(CANARY)

    assert str(told.value) == "the target is away; found OSError. Start it."


@pytest.mark.parametrize("error", [RotationError("what", "found"), Killed("now")])
def test_a_message_of_ours_and_the_end_of_the_process_pass(error: BaseException) -> None:
    with pytest.raises(type(error)) as told, told_as("the target is away"):
        raise error

    assert told.value is error
