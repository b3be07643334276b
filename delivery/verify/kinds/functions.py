"""Who may call the functions of a stack, and what calls them: permissions, URLs, mappings, aliases, event rules.

Answers: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html and
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html (checked 2026-11-26).
"""

import json
from collections.abc import Hashable, Iterator
from typing import Any

from delivery.verify.asking import Answer, Ask
from delivery.verify.attributes import tagged
from delivery.verify.kind import Kind, by
from delivery.verify.known import Attributes, Known, listed

FUNCTION, RULE = "aws_lambda_function", "aws_cloudwatch_event_rule"
NONE = ("ResourceNotFoundException",)
# The provider's attribute of a permission -> the condition key, in small letters, that AWS makes of it.
CONDITIONS = {
    "source_arn": "aws:sourcearn",
    "source_account": "aws:sourceaccount",
    "function_url_auth_type": "lambda:functionurlauthtype",
    "event_source_token": "lambda:eventsourcetoken",
    "principal_org_id": "aws:principalorgid",
}


def permission(answer: Answer) -> dict[str, Any]:
    """A statement of a function's policy; `FunctionName` is the function it stands on."""
    tests = {key.lower(): value for test in (answer.get("Condition") or {}).values() for key, value in test.items()}
    return {
        "id": f"{answer['FunctionName']}/{answer['Sid']}",
        "statement_id": answer["Sid"],
        "function_name": answer["FunctionName"],
        "action": answer.get("Action"),
        "principal": _principal(answer.get("Principal")),
        **{attribute: tests.get(key) for attribute, key in CONDITIONS.items()},
    }


def _principal(principal: Any) -> str:
    """`*`, an account, a role or the name of a service, of which a permission has one."""
    return next(iter(principal.values()), "") if isinstance(principal, dict) else str(principal)


def function_url(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["FunctionArn"],
        "function_arn": answer["FunctionArn"],
        "function_name": answer["FunctionName"],
        "authorization_type": answer.get("AuthType"),
        "function_url": answer.get("FunctionUrl"),
    }


def event_source_mapping(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["UUID"],
        "uuid": answer["UUID"],
        "function_name": answer.get("FunctionArn"),
        "event_source_arn": answer.get("EventSourceArn"),
    }


def alias(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["AliasArn"],
        "arn": answer["AliasArn"],
        "name": answer["Name"],
        "function_name": answer["FunctionName"],
        "function_version": answer.get("FunctionVersion"),
    }


def event_rule(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer["Name"],
        "name": answer["Name"],
        "arn": answer.get("Arn"),
        "event_pattern": answer.get("EventPattern"),
        "schedule_expression": answer.get("ScheduleExpression", ""),
        "state": answer.get("State"),
        **tagged(answer),
    }


def event_target(answer: Answer) -> dict[str, Any]:
    return {
        "id": f"{answer['Rule']}-{answer['Id']}",
        "rule": answer["Rule"],
        "target_id": answer["Id"],
        "arn": answer["Arn"],
        "role_arn": answer.get("RoleArn", ""),
        "ecs_target": [
            {"task_definition_arn": each["TaskDefinitionArn"], "launch_type": each.get("LaunchType")}
            for each in listed(answer.get("EcsParameters"))
        ],
    }


def _names(known: Known) -> list[str]:
    return known.values("function_name", FUNCTION)


def _permissions(known: Known, ask: Ask) -> Iterator[Answer]:
    for name in _names(known):
        policy = ask.one("lambda", "get_policy", absent=NONE, FunctionName=name).get("Policy")
        for statement in json.loads(policy)["Statement"] if policy else ():
            yield {**statement, "FunctionName": name}


def _urls(known: Known, ask: Ask) -> Iterator[Answer]:
    for name in _names(known):
        if url := ask.one("lambda", "get_function_url_config", absent=NONE, FunctionName=name):
            yield {**url, "FunctionName": name}


def _mappings(known: Known, ask: Ask) -> Iterator[Answer]:
    for name in _names(known):
        yield from ask.all("lambda", "list_event_source_mappings", "EventSourceMappings", FunctionName=name)


def _aliases(known: Known, ask: Ask) -> Iterator[Answer]:
    for name in _names(known):
        yield from (
            {**each, "FunctionName": name} for each in ask.all("lambda", "list_aliases", "Aliases", FunctionName=name)
        )


def _callers(known: Known, ask: Ask) -> Iterator[Answer]:
    """Event rules that call a function of the stack, whoever made them."""
    for arn in known.values("arn", FUNCTION):
        for name in ask.all("events", "list_rule_names_by_target", "RuleNames", TargetArn=arn):
            yield ask.one("events", "describe_rule", Name=name)


def _targets(known: Known, ask: Ask) -> Iterator[Answer]:
    for rule in known.values("name", RULE):
        yield from ({**each, "Rule": rule} for each in ask.all("events", "list_targets_by_rule", "Targets", Rule=rule))


def _permission_of(values: Attributes) -> Hashable:
    """A state may name the function by its ARN."""
    return str(values["function_name"]).rpartition(":function:")[2], values["statement_id"]


KINDS = (
    Kind("aws_lambda_permission", _permissions, permission, same=_permission_of),
    Kind("aws_lambda_function_url", _urls, function_url, same=by("function_arn")),
    Kind("aws_lambda_event_source_mapping", _mappings, event_source_mapping, same=by("uuid")),
    Kind("aws_lambda_alias", _aliases, alias, same=by("arn")),
    Kind(RULE, _callers, event_rule, same=by("name")),
    Kind("aws_cloudwatch_event_target", _targets, event_target, same=by("rule", "target_id")),
)
