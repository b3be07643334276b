"""What the rotation functions of a stack refer to: an admin secret that exists already, and the target it opens."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from delivery.errors import UserError
from delivery.sandbox.stack_json import Seeded, blocks, first, literal

# The last hyphen and six characters are added by Secrets Manager to the name of the secret.
SECRET_ARN = re.compile(r"arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:(?P<name>[\w/+=.@-]+)-[A-Za-z0-9]{6}")
FIELDS: dict[str, dict[str, type]] = {
    "database-user": {"host": str, "port": int, "database": str, "username": str},
    "api-key": {"endpoint": str},
}


@dataclass(frozen=True)
class RotationTarget:
    """A database user or an API key, and the admin secret with which a rotation function sets it."""

    KIND: ClassVar = "rotation-target"
    admin_secret_arn: str
    target: Mapping[str, Any]

    @property
    def seeded(self) -> tuple[Seeded, ...]:
        matched = SECRET_ARN.fullmatch(self.admin_secret_arn)
        return (Seeded("secretsmanager", "secret", matched["name"] if matched else self.admin_secret_arn),)


def read_rotation_targets(config: Mapping[str, Any]) -> Iterator[RotationTarget]:
    """One per function that has the variables TARGET and ADMIN_SECRET_ARN. UserError when they are not usable."""
    for label, block in blocks(config, "resource", "aws_lambda_function"):
        variables = first(block.get("environment")).get("variables") or {}
        if {"TARGET", "ADMIN_SECRET_ARN"} <= set(variables):
            where = f"aws_lambda_function.{label}.environment.variables"
            arn = _admin_secret_arn(where, variables["ADMIN_SECRET_ARN"])
            yield RotationTarget(arn, _target(where, variables["TARGET"]))


def _admin_secret_arn(where: str, arn: object) -> str:
    if not (literal(arn) and SECRET_ARN.fullmatch(str(arn))):
        raise UserError(
            "the admin secret cannot be seeded",
            where=f"{where}.ADMIN_SECRET_ARN",
            found=repr(arn),
            allowed="the whole ARN of a secret, with the six characters at its end",
        )
    return str(arn)


def _target(where: str, text: object) -> dict[str, Any]:
    """The target with the fields that its kind has."""
    try:
        target = json.loads(str(text)) if literal(text) else None
    except ValueError:
        target = None
    target = target if isinstance(target, dict) else {}
    fields = FIELDS.get(str(target.get("kind")), {})
    if not fields or not all(isinstance(target.get(name), kind) for name, kind in fields.items()):
        raise UserError(
            "the target of a rotation cannot be seeded",
            where=f"{where}.TARGET",
            found=repr(text),
            allowed="; ".join(f'{{"kind": "{kind}"}} with {", ".join(names)}' for kind, names in FIELDS.items()),
        )
    return {"kind": target["kind"], **{name: target[name] for name in fields}}
