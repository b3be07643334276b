"""EventBridge: rules that send to an SNS topic or a Lambda function, and rules that are turned off."""

import copy
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError
from moto.events.models import Rule
from moto.sns.models import sns_backends

from delivery.sandbox.gaps.lambda_permission import may_invoke
from delivery.sandbox.gaps.patch import Patch, wrap
from delivery.sandbox.turns import TURNS

PRINCIPAL = "events.amazonaws.com"


def _publish(rule: Any, arn: str, event: dict[str, Any]) -> None:
    sns_backends[rule.account_id][rule.region_name].publish(message=json.dumps(event, default=str), arn=arn)


def _invoke(rule: Any, arn: str, event: dict[str, Any]) -> None:
    """Asynchronously, as EventBridge does; a function that is gone or does not let the rule in hears nothing."""
    try:
        function = lambda_backends[rule.account_id][rule.region_name].get_function(arn)
    except JsonRESTError:
        return
    if may_invoke(function.policy.statements if function.policy else [], PRINCIPAL, rule.arn):
        threading.Thread(target=_run, args=(function, _on_the_wire(event)), daemon=True).start()


def _run(function: Any, event: dict[str, Any]) -> None:
    with TURNS.taken():
        function._invoke_lambda(event)


def _on_the_wire(event: dict[str, Any]) -> dict[str, Any]:
    """The event as a target gets it: with its time as text and without what moto adds."""
    sent = copy.deepcopy(event)
    sent.pop("ingestion-time", None)
    sent["time"] = datetime.fromtimestamp(float(event["time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return sent


SENDERS: dict[str, Callable[[Any, str, dict[str, Any]], None]] = {"sns": _publish, "lambda": _invoke}


def _send_to_targets(original: Any, rule: Any, original_event: Any, transform_input: bool = True) -> None:
    if rule.state == "DISABLED":
        return
    others = []
    matches = rule.event_pattern.matches_event(original_event)
    for target in rule.targets:
        send = SENDERS.get(str(target["Arn"]).split(":")[2])
        if send is None:
            others.append(target)
        elif matches:
            send(rule, target["Arn"], original_event)
    rest = copy.copy(rule)  # other events pass by the same rule at the same time
    rest.targets = others
    original(rest, original_event, transform_input)


def _apply() -> None:
    wrap(Rule, "send_to_targets", _send_to_targets)


PATCHES = (
    Patch(
        service="events",
        name="sns-and-lambda-targets",
        gap="an event that matches a rule with an SNS or Lambda target raises NotImplementedError instead of reaching "
        "it, and a rule that is turned off sends all the same",
        apply=_apply,
    ),
)
