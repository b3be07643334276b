"""Whether the policy of a function lets an AWS service invoke it; a pure function, for rotation and event rules.

As far as aws_lambda_permission goes: one service, one action, a source ARN and a source account. Anything else in a
statement counts as no permission.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

INVOKE = "lambda:InvokeFunction"


def may_invoke(statements: Iterable[Mapping[str, Any]], service: str, source_arn: str) -> bool:
    """`service`: its principal, as in `events.amazonaws.com`; `source_arn`: on whose behalf it calls."""
    return any(_allows(statement, service, source_arn) for statement in statements)


def _allows(statement: Mapping[str, Any], service: str, source_arn: str) -> bool:
    return (
        statement.get("Effect") == "Allow"
        and statement.get("Principal") == {"Service": service}
        and statement.get("Action") in (INVOKE, "lambda:*", "*")
        and all(_holds(*condition, source_arn) for condition in _conditions(statement))
    )


def _conditions(statement: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, value in keys.items():
            yield operator, key.lower(), value


def _holds(operator: str, key: str, value: str, source_arn: str) -> bool:
    if (operator, key) == ("ArnLike", "aws:sourcearn"):
        return fnmatchcase(source_arn, value)
    if (operator, key) == ("StringEquals", "aws:sourceaccount"):
        return source_arn.split(":")[4] == value
    return False
