"""The rotating part of a gateway, made with boto3 in an emptied emulator: real functions, real database, key server."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

from pg8000.native import Connection

from delivery.sandbox.application import OUTAGE_PATH
from delivery.sandbox.prerequisites import SEED_PATH, read_prerequisites
from infra import lambda_package
from infra.redeployment import HANDLER as REDEPLOY_HANDLER
from infra.rotation import HANDLER as ROTATION_HANDLER
from infra.rotation import LIBRARIES
from tests.integration.sandbox.functions import make_function, permit

DATABASE, KEYS = "payments-db.example.internal:5432", "keys.card-network.example:443"
ADMIN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:%s-admin-Ex4mPl"
ADMINS = {"payer": ADMIN % "database", "detector": ADMIN % "database", "card": ADMIN % "card-network"}
TARGETS: dict[str, dict[str, Any]] = {
    name: {
        "kind": "database-user",
        "host": "payments-db.example.internal",
        "port": 5432,
        "database": "payments",
        "username": f"{name}_user",
    }
    for name in ("payer", "detector")
} | {"card": {"kind": "api-key", "endpoint": "https://keys.card-network.example/v1/keys/gateway"}}
FIRST_VALUES: dict[str, dict[str, Any]] = {
    "payer": {"username": "payer_user", "password": "unknown-to-all"},
    "detector": {"username": "detector_user", "password": "unknown-to-all"},
    "card": {"api_key": "unknown-to-all"},
}
WAIT_SECONDS = 30.0


@cache
def rotation_package() -> bytes:
    return lambda_package.build("rotation", libraries=LIBRARIES)


def stack() -> dict[str, Any]:
    """What the seeding reads of a synthesized stack."""
    functions = {
        name: {"environment": {"variables": {"TARGET": json.dumps(target), "ADMIN_SECRET_ARN": ADMINS[name]}}}
        for name, target in TARGETS.items()
    }
    return {"resource": {"aws_lambda_function": functions}}


class Gateway:
    """Three secrets, each with its rotation function; nothing has been rotated yet."""

    def __init__(self, account: Any) -> None:
        self.account = account
        self.secrets = account.client("secretsmanager")
        self.seed()
        self.arns = {name: self._make_secret(name) for name in TARGETS}
        for name, arn in self.arns.items():
            variables = {
                "SECRET_ARN": arn,
                "ADMIN_SECRET_ARN": ADMINS[name],
                "TARGET": json.dumps(TARGETS[name]),
            }
            make_function(account, f"rotation-{name}", rotation_package(), ROTATION_HANDLER, variables)
            permit(account, f"rotation-{name}", "secretsmanager", arn, SourceAccount="123456789012")

    def seed(self) -> None:
        things = [
            {"kind": thing.KIND, "admin_secret_arn": thing.admin_secret_arn, "target": dict(thing.target)}
            for thing in read_prerequisites(stack())
        ]
        answer = _post(self.account.endpoint, SEED_PATH, things)
        self.redirects: dict[str, int] = answer["redirects"]
        self.tls = ssl.create_default_context(cadata=answer["authorities"])
        self.tls.check_hostname = False  # we connect by address; that functions check the name is a test of its own

    def outage(self, target: str) -> AbstractContextManager[None]:
        """While it lasts, the target does not work."""
        return outage(self.account.endpoint, target)

    def aim(self, name: str, target: dict[str, Any]) -> None:
        """Give a function another target."""
        functions, function = self.account.client("lambda"), f"rotation-{name}"
        variables = functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=function, Environment={"Variables": {**variables, "TARGET": json.dumps(target)}}
        )

    def set_up(self, name: str) -> None:
        """What Terraform does: configure the rotation, which rotates at once."""
        self.secrets.rotate_secret(
            SecretId=self.arns[name],
            RotationLambdaARN=f"arn:aws:lambda:us-east-1:123456789012:function:rotation-{name}",
            RotationRules={"AutomaticallyAfterDays": 30},
        )

    def rotate(self, name: str) -> None:
        self.secrets.rotate_secret(SecretId=self.arns[name])

    def value(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.secrets.get_secret_value(SecretId=self.arns[name])["SecretString"])
        return found

    def log_in(self, name: str, password: str) -> str:
        """The user as whom a log-in with this password ends, or the error that the server gives."""
        from pg8000.exceptions import DatabaseError

        try:
            connection = Connection(
                f"{name}_user",
                host="127.0.0.1",
                port=self.redirects[DATABASE],
                database="payments",
                password=password,
                ssl_context=self.tls,
                timeout=WAIT_SECONDS,
            )
        except DatabaseError as error:
            return str(error.args[0].get("C"))
        try:
            return str(connection.run("SELECT current_user")[0][0])
        finally:
            connection.close()

    def use_key(self, key: str) -> int:
        """The status of a request with this key."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.redirects[KEYS], timeout=WAIT_SECONDS, context=self.tls
        )
        try:
            connection.request("GET", "/v1/keys/gateway", headers={"Authorization": f"Bearer {key}"})
            return connection.getresponse().status
        finally:
            connection.close()

    def log_of(self, name: str) -> str:
        events = self.account.client("logs").filter_log_events(logGroupName=f"/aws/lambda/rotation-{name}")["events"]
        return "\n".join(event["message"] for event in events)

    def add_redeployment(self, cluster: str, services: dict[str, list[str]]) -> None:
        """The function and the rule that deploy the services of a secret anew; services: name of secret -> names."""
        named = {self.arns[name]: names for name, names in services.items()}
        function = make_function(
            self.account,
            "redeploy",
            lambda_package.build("redeploy"),
            REDEPLOY_HANDLER,
            {"CLUSTER": cluster, "SERVICES": json.dumps(named)},
        )
        events = self.account.client("events")
        pattern = {
            "source": ["aws.secretsmanager"],
            "detail-type": ["Secret Label Updated"],
            "resources": list(named),
            "detail": {"labelUpdated": ["AWSCURRENT"]},
        }
        rule = events.put_rule(Name="redeploy", EventPattern=json.dumps(pattern))["RuleArn"]
        permit(self.account, "redeploy", "events", rule)
        events.put_targets(Rule="redeploy", Targets=[{"Id": "redeploy", "Arn": function}])

    def _make_secret(self, name: str) -> str:
        arn: str = self.secrets.create_secret(Name=f"secret-{name}-t", SecretString=json.dumps(FIRST_VALUES[name]))[
            "ARN"
        ]
        return arn


@contextmanager
def outage(endpoint: str, target: str) -> Iterator[None]:
    """While it lasts, what stands in for the target (`host:port`) in the emulator at an endpoint does not work."""
    _post(endpoint, OUTAGE_PATH, {"target": target, "lasts": True})
    try:
        yield
    finally:
        _post(endpoint, OUTAGE_PATH, {"target": target, "lasts": False})


def _post(endpoint: str, path: str, what: Any) -> dict[str, Any]:
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=WAIT_SECONDS)
    try:
        connection.request("POST", path, json.dumps(what))
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    finally:
        connection.close()
    assert response.status == 200, answer
    return answer


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
