"""CloudWatch: alarms that notify an SNS topic when their state is set."""

import json
from typing import Any

from moto.cloudwatch.models import Alarm
from moto.sns.models import sns_backends

from delivery.sandbox.gaps.patch import Patch, wrap

ACTIONS_BY_STATE = {
    "ALARM": "alarm_actions",
    "OK": "ok_actions",
    "INSUFFICIENT_DATA": "insufficient_data_actions",
}


def _update_state(original: Any, alarm: Any, reason: str, reason_data: str, state_value: str) -> None:
    """Actions run when the state changes, not each time it is set (API_SetAlarmState, checked 2026-11-22)."""
    before = alarm.state_value
    original(alarm, reason, reason_data, state_value)
    if not alarm.actions_enabled or before == state_value:
        return
    message = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "NewStateValue": state_value,
        "OldStateValue": before,
        "NewStateReason": reason,
    }
    for arn in getattr(alarm, ACTIONS_BY_STATE[state_value]) or []:
        _, _, service, region, account_id, _ = arn.split(":", 5)
        if service == "sns":
            sns_backends[account_id][region].publish(message=json.dumps(message), arn=arn)


def _apply() -> None:
    wrap(Alarm, "update_state", _update_state)


PATCHES = (
    Patch(
        service="cloudwatch",
        name="alarm-notifications",
        gap="an alarm that changes its state notifies nobody",
        apply=_apply,
    ),
)
