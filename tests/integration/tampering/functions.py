"""Changes of the functions of the gateway stack, and of who calls them."""

from typing import Any

from tests.integration.tampering.change import GATEWAY, Change, Target, Undo, unknown

RULE = "aws_cloudwatch_event_rule.redeployment"


FUNCTION = "aws_lambda_function.fraud-detector-database-rotation"


def event_rule_off(target: Target) -> Undo:
    events, name = target.client("events"), target[RULE]["name"]
    events.disable_rule(Name=name)
    return lambda: events.enable_rule(Name=name)


def event_target_added(target: Target) -> Undo:
    events, name = target.client("events"), target[RULE]["name"]
    events.put_targets(Rule=name, Targets=[{"Id": "more", "Arn": "arn:aws:sqs:us-east-1:210987654321:more"}])
    return lambda: events.remove_targets(Rule=name, Ids=["more"])


def caller_added(target: Target) -> Undo:
    events, function = target.client("events"), target[FUNCTION]["arn"]
    events.put_rule(Name="more", ScheduleExpression="rate(1 minute)", State="ENABLED")
    events.put_targets(Rule="more", Targets=[{"Id": "more", "Arn": function}])

    def undo() -> None:
        events.remove_targets(Rule="more", Ids=["more"])
        events.delete_rule(Name="more")

    return undo


def permission_added(target: Target) -> Undo:
    client, name = target.client("lambda"), target[FUNCTION]["function_name"]
    client.add_permission(FunctionName=name, StatementId="more", Action="lambda:InvokeFunction", Principal="*")
    return lambda: client.remove_permission(FunctionName=name, StatementId="more")


def url_made(target: Target) -> Undo:
    client, name = target.client("lambda"), target[FUNCTION]["function_name"]
    client.create_function_url_config(FunctionName=name, AuthType="NONE")
    return lambda: client.delete_function_url_config(FunctionName=name)


def configured(**changed: Any) -> Any:
    def make(target: Target) -> Undo:
        client, name = target.client("lambda"), target[FUNCTION]["function_name"]
        before = client.get_function_configuration(FunctionName=name)
        new = {key: value(before.get(key)) for key, value in changed.items()}
        client.update_function_configuration(FunctionName=name, **new)
        kept = {key: _taken(key, before.get(key)) for key in changed}
        return lambda: client.update_function_configuration(FunctionName=name, **kept)

    return make


def _taken(key: str, value: Any) -> Any:
    """What UpdateFunctionConfiguration takes of what GetFunctionConfiguration says."""
    return {part: value[part] for part in ("SubnetIds", "SecurityGroupIds")} if key == "VpcConfig" else value


def concurrency_off(target: Target) -> Undo:
    client, name = target.client("lambda"), target[FUNCTION]["function_name"]
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    return lambda: client.delete_function_concurrency(FunctionName=name)


WITH_PASSWORD = {"DATABASE_PASSWORD": "correct-horse-battery-staple"}


CHANGES = (
    Change(GATEWAY, "the event rule of the redeployment disabled", event_rule_off, "redeploy-on-rotation", RULE),
    Change(
        GATEWAY,
        "events sent to another account, too",
        event_target_added,
        "redeploy-on-rotation",
        unknown("aws_cloudwatch_event_target"),
    ),
    Change(
        GATEWAY,
        "a rotation function called every minute by another rule",
        caller_added,
        "redeploy-on-rotation",
        unknown("aws_cloudwatch_event_rule"),
        also=(
            "name-pattern",
            "name-suffix",
            "required-tags",
            "suffix-tag",
            "service-tag",
        ),
    ),
    Change(
        GATEWAY,
        "anybody let call a rotation function",
        permission_added,
        "function-invokers",
        unknown("aws_lambda_permission"),
        also=("wildcard-principals",),
    ),
    Change(
        GATEWAY,
        "a rotation function with an address on the internet",
        url_made,
        "function-invokers",
        unknown("aws_lambda_function_url"),
        also=(
            "known-kinds",
            "one-door",
        ),
    ),
    Change(
        GATEWAY,
        "a password in the environment of a function",
        configured(Environment=lambda before: {"Variables": {**(before or {}).get("Variables", {}), **WITH_PASSWORD}}),
        "function-environment",
        FUNCTION,
        also=("no-credentials",),
    ),
    Change(
        GATEWAY,
        "a function taken out of the VPC",
        configured(VpcConfig=lambda _before: {"SubnetIds": [], "SecurityGroupIds": []}),
        "function-in-private-subnets",
        FUNCTION,
        also=(
            "rotation-function-reach",
            "security-group-rules",
        ),
    ),
    Change(GATEWAY, "a rotation function switched off", concurrency_off, "function-invokers", FUNCTION),
)
