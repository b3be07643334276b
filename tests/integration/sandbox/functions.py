"""Functions in an account of the emulator: made from a package, and allowed to be called by an AWS service."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def packed(**modules: str) -> bytes:
    """A deployment package with these modules."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        for name, source in modules.items():
            archive.writestr(f"{name}.py", source)
    return package.getvalue()


def make_function(
    account: Any, name: str, package: bytes, handler: str, environment: Mapping[str, str] | None = None
) -> str:
    """The ARN of a function with a role of its own."""
    role = account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    made = account.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler=handler,
        Code={"ZipFile": package},
        Timeout=60,
        Environment={"Variables": dict(environment or {})},
    )
    arn: str = made["FunctionArn"]
    return arn


def permit(account: Any, function: str, service: str, source_arn: str, **more: str) -> None:
    """Let an AWS service invoke the function on behalf of one thing."""
    account.client("lambda").add_permission(
        FunctionName=function,
        StatementId=f"s{abs(hash((service, source_arn)))}",
        Action="lambda:InvokeFunction",
        Principal=f"{service}.amazonaws.com",
        SourceArn=source_arn,
        **more,
    )
