"""EventBridge: rules that send to an SNS topic."""

import json
from typing import Any

from moto.events.models import Rule
from moto.sns.models import sns_backends

from delivery.sandbox.gaps.patch import Patch, wrap


def _is_topic(target: dict[str, Any]) -> bool:
    return str(target["Arn"]).split(":")[2] == "sns"


def _send_to_targets(original: Any, rule: Any, original_event: Any, transform_input: bool = True) -> None:
    topics = [target for target in rule.targets if _is_topic(target)]
    if topics and rule.event_pattern.matches_event(original_event):
        for target in topics:
            backend = sns_backends[rule.account_id][rule.region_name]
            backend.publish(message=json.dumps(original_event, default=str), arn=target["Arn"])
    others = [target for target in rule.targets if not _is_topic(target)]
    everything, rule.targets = rule.targets, others
    try:
        original(rule, original_event, transform_input)
    finally:
        rule.targets = everything


def _apply() -> None:
    wrap(Rule, "send_to_targets", _send_to_targets)


PATCHES = (
    Patch(
        service="events",
        name="sns-targets",
        gap="an event that matches a rule with an SNS target raises NotImplementedError instead of being published",
        apply=_apply,
    ),
)
