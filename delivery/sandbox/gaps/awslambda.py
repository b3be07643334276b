"""Lambda: run a deployment package without Docker, tell in which VPC a function is, and that it is switched off."""

import io
import json
import os
import subprocess
import sys
import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any

from moto import settings
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.awslambda.policy import Policy
from moto.ec2.models import ec2_backends

from delivery.sandbox.function_runner import REDIRECTS_VARIABLE
from delivery.sandbox.gaps.patch import Patch, replace, wrap
from delivery.sandbox.standins.cast import CAST
from delivery.sandbox.turns import TURNS


def _invoke_lambda(function: Any, event: Any = None) -> tuple[str, bool, str]:
    """Answer as JSON, whether the handler failed, and what it printed: the contract of moto's own method."""
    function.logs_backend.ensure_log_group(function.logs_group_name)
    with tempfile.TemporaryDirectory(prefix="paygate-lambda-") as folder:
        package, result = Path(folder, "package"), Path(folder, "result.json")
        zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(package)
        with TURNS.given_away():  # the function asks this server
            failed, printed = _run(function, event, package, result)
        answer = result.read_text(encoding="utf-8") if result.exists() else _crash(function, printed)
    function.save_logs(printed)
    return answer, failed, printed


def _run(function: Any, event: Any, package: Path, result: Path) -> tuple[bool, str]:
    runner = [sys.executable, "-m", "delivery.sandbox.function_runner", function.handler, str(os.getpid()), str(result)]
    try:
        process = subprocess.run(
            runner,
            input=event if isinstance(event, str) else json.dumps(event or {}),
            cwd=package,
            env={**_environment(function), **_stand_ins(package.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=int(function.timeout),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        printed = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout or ""
        return True, f"{printed}\nTask timed out after {function.timeout} seconds"
    return process.returncode != 0, process.stdout


def _environment(function: Any) -> dict[str, str]:
    """As on AWS: the settings of the function and the credentials of its role; and our endpoint, read when it runs."""
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{settings.moto_server_port()}",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ACCESS_KEY_ID": function.account_id,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_REQUEST_ID": str(uuid.uuid4()),
        **(function.environment_vars or {}),
    }


def _stand_ins(folder: Path) -> dict[str, str]:
    """Where the function finds what stands in for its targets, and the only authority that it trusts."""
    if not CAST.authorities:
        return {}
    file = folder / "authorities.pem"
    file.write_text(CAST.authorities, encoding="utf-8")
    return {REDIRECTS_VARIABLE: json.dumps(CAST.redirects), "SSL_CERT_FILE": str(file)}


def _crash(function: Any, printed: str) -> str:
    last_line = next((line for line in reversed(printed.splitlines()) if line.strip()), "no output")
    return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": f"{function.function_name}: {last_line}"})


def _vpc_config(function: Any) -> dict[str, Any] | None:
    """What the function was given, and the VPC of its subnets."""
    given = function._vpc_config
    if not given:
        return None
    network = ec2_backends[function.account_id][function.region]
    subnets = network.describe_subnets(filters={"subnet-id": given.get("SubnetIds") or ["none"]})
    return {**given, "VpcId": next((subnet.vpc_id for subnet in subnets), "")}


def _get_code(original: Any, function: Any) -> dict[str, Any]:
    answer: dict[str, Any] = original(function)
    if function.reserved_concurrency is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved_concurrency}
    return answer


class StatementExistsError(LambdaClientError):
    """The id of a statement that the policy has already.

    https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html says ResourceConflictException, 409.
    """

    code = 409

    def __init__(self, statement_id: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f"The statement id ({statement_id}) provided already exists. Please provide a new statement id, "
            "or remove the existing statement.",
        )


def _add_statement(original: Any, policy: Any, raw: str, qualifier: str | None = None) -> Any:
    wanted = json.loads(raw).get("StatementId")
    if any(statement.get("Sid") == wanted for statement in policy.statements):
        raise StatementExistsError(wanted)
    return original(policy, raw, qualifier)


def _apply() -> None:
    replace(LambdaFunction, "_invoke_lambda", _invoke_lambda)


def _apply_vpc() -> None:
    replace(LambdaFunction, "vpc_config", property(_vpc_config))


def _apply_concurrency() -> None:
    wrap(LambdaFunction, "get_code", _get_code)


def _apply_statement_ids() -> None:
    wrap(Policy, "add_statement", _add_statement)


PATCHES = (
    Patch(
        service="lambda",
        name="invoke-without-docker",
        gap="Invoke runs the function in a Docker container and fails where there is no Docker",
        apply=_apply,
    ),
    Patch(
        service="lambda",
        name="vpc-of-subnets",
        gap="a function in the subnets of any VPC says that it is in vpc-123abc",
        apply=_apply_vpc,
    ),
    Patch(
        service="lambda",
        name="no-concurrency",
        gap="GetFunction does not say that a function is switched off by a reserved concurrency of 0",
        apply=_apply_concurrency,
    ),
    Patch(
        service="lambda",
        name="statement-ids",
        gap="AddPermission takes a statement of an id that the policy has already: removing it leaves the other one",
        apply=_apply_statement_ids,
    ),
)
