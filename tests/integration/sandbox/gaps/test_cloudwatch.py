"""An alarm notifies its topics when its state changes."""

import json
from typing import Any

import pytest


def _notified(account: Any, states: list[str], actions_enabled: bool = True) -> list[str]:
    """The new states of which a queue behind the topic of an alarm hears."""
    topic = account.client("sns").create_topic(Name="t")["TopicArn"]
    queues = account.client("sqs")
    queue = queues.create_queue(QueueName="q")["QueueUrl"]
    queue_arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    alarms = account.client("cloudwatch")
    alarms.put_metric_alarm(
        AlarmName="a",
        Namespace="n",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
        OKActions=[topic],
        ActionsEnabled=actions_enabled,
    )
    for state in states:
        alarms.set_alarm_state(AlarmName="a", StateValue=state, StateReason="test")
    messages = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"])["NewStateValue"] for message in messages]


@pytest.mark.parametrize(
    ("states", "heard"),
    [
        (["ALARM"], ["ALARM"]),
        (["ALARM", "ALARM"], ["ALARM"]),
        (["ALARM", "OK"], ["ALARM", "OK"]),
        (["INSUFFICIENT_DATA"], []),
    ],
)
def test_a_change_of_state_is_published_once(emulator: Any, states: list[str], heard: list[str]) -> None:
    assert _notified(emulator, states) == heard


def test_an_alarm_with_actions_disabled_is_silent(emulator: Any) -> None:
    assert _notified(emulator, ["ALARM"], actions_enabled=False) == []


def test_plain_moto_still_notifies_nobody(plain_moto: Any) -> None:
    assert _notified(plain_moto, ["ALARM"]) == []
