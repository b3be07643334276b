"""What one rotation function is for, from its environment; anything else than one known target is refused."""

import json
from typing import Any

import pytest

from infra.lambdas.rotation.api_key import ApiKey
from infra.lambdas.rotation.configuration import make_target, read_configuration
from infra.lambdas.rotation.database_user import DatabaseUser
from infra.lambdas.rotation.problem import RotationError
from tests.unit.infra.lambdas.secrets_manager import ADMIN_ARN, ARN

DATABASE = {"kind": "database-user", "host": "db.example.com", "port": 5432, "database": "d", "username": "u"}
API = {"kind": "api-key", "endpoint": "https://keys.example.com/v1/key"}
GOOD = {"SECRET_ARN": ARN, "ADMIN_SECRET_ARN": ADMIN_ARN, "TARGET": json.dumps(DATABASE)}


def test_a_database_user_is_a_target() -> None:
    configuration = read_configuration(GOOD)

    assert (configuration.secret_arn, configuration.admin_secret_arn) == (ARN, ADMIN_ARN)
    target = configuration.target
    assert isinstance(target, DatabaseUser)
    assert (target.host, target.port, target.database, target.username) == ("db.example.com", 5432, "d", "u")


@pytest.mark.parametrize(
    ("endpoint", "host", "port", "path"),
    [
        ("https://keys.example.com/v1/key", "keys.example.com", 443, "/v1/key"),
        ("https://keys.example.com:8443", "keys.example.com", 8443, "/"),
    ],
)
def test_an_api_key_is_a_target(endpoint: str, host: str, port: int, path: str) -> None:
    target = make_target(json.dumps({**API, "endpoint": endpoint}))

    assert isinstance(target, ApiKey)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("variable", GOOD)
def test_every_variable_is_needed(variable: str) -> None:
    for environment in ({**GOOD, variable: ""}, {key: value for key, value in GOOD.items() if key != variable}):
        with pytest.raises(RotationError, match=f"not configured; found no {variable};"):
            read_configuration(environment)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("", "TARGET names no target"),
        ("{", "TARGET names no target"),
        ([], "TARGET names no target"),
        ({"kind": []}, "TARGET names no target"),
        ({**DATABASE, "kind": "ftp"}, "TARGET names no target"),
        ({"kind": "database-user"}, "TARGET describes no database-user"),
        ({**DATABASE, "port": "5432"}, "TARGET describes no database-user"),
        ({**DATABASE, "port": True}, "TARGET describes no database-user"),
        ({**DATABASE, "port": 0}, "TARGET describes no database-user"),
        ({**DATABASE, "host": ""}, "TARGET describes no database-user"),
        ({**DATABASE, "endpoint": "https://x"}, "TARGET describes no database-user"),
        ({**API, "endpoint": None}, "TARGET describes no api-key"),
        ({**API, "endpoint": "http://keys.example.com/"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https:///v1"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https://user:word@keys.example.com/"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https://@keys.example.com/"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https://keys.example.com/?key=1"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https://keys.example.com/#part"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https://keys.example.com:65536/"}, "the endpoint cannot be used"),
        ({**API, "endpoint": "https://[keys/"}, "the endpoint cannot be used"),
    ],
)
def test_anything_else_is_no_target(target: Any, problem: str) -> None:
    with pytest.raises(RotationError, match=problem):
        make_target(target if isinstance(target, str) else json.dumps(target))
