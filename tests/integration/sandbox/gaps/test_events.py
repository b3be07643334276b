"""A rule publishes a matching event to its topic."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError


def _send(account: Any) -> list[dict[str, Any]]:
    """The messages that reach a queue behind the topic of a rule."""
    topic = account.client("sns").create_topic(Name="t")["TopicArn"]
    queues = account.client("sqs")
    queue = queues.create_queue(QueueName="q")["QueueUrl"]
    queue_arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    events = account.client("events")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["app"]}))
    events.put_targets(Rule="r", Targets=[{"Id": "topic", "Arn": topic}])
    for source in ("app", "other"):
        events.put_events(Entries=[{"Source": source, "DetailType": "d", "Detail": json.dumps({"from": source})}])
    messages = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]


def test_a_matching_event_reaches_the_topic_and_another_does_not(emulator: Any) -> None:
    assert [event["detail"] for event in _send(emulator)] == [{"from": "app"}]
    targets = emulator.client("events").list_targets_by_rule(Rule="r")["Targets"]
    assert [target["Id"] for target in targets] == ["topic"]


def test_plain_moto_still_knows_no_topics(plain_moto: Any) -> None:
    with pytest.raises(ClientError):
        _send(plain_moto)
