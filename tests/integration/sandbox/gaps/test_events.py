"""A rule sends a matching event to its topic or its function."""

import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.sandbox.functions import make_function, packed, permit

# Sleeps longer than a caller would wait, so that a call that waits is noticed.
SOURCE = "import json, time\ndef handler(event, context):\n    time.sleep(1.5)\n    print(json.dumps(event))\n"
WAIT_SECONDS = 20


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


# https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html (checked 2026-11-26)
FIELDS = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}


class Listening:
    """A rule for events of `app` that invokes the function `f`."""

    def __init__(self, account: Any, *, permitted: bool = True) -> None:
        self.account, self.events = account, account.client("events")
        function = make_function(account, "f", packed(listen=SOURCE), "listen.handler")
        self.rule = self.events.put_rule(Name="r", EventPattern=json.dumps({"source": ["app"]}))["RuleArn"]
        self.events.put_targets(Rule="r", Targets=[{"Id": "f", "Arn": function}])
        if permitted:
            permit(account, "f", "events", self.rule)

    def send(self, source: str = "app") -> None:
        detail = json.dumps({"from": source})
        self.events.put_events(Entries=[{"Source": source, "DetailType": "d", "Resources": ["x"], "Detail": detail}])

    def heard(self, wait_seconds: float = WAIT_SECONDS) -> list[dict[str, Any]]:
        logs, deadline = self.account.client("logs"), time.monotonic() + wait_seconds
        while True:
            groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/f")["logGroups"]
            found = logs.filter_log_events(logGroupName="/aws/lambda/f")["events"] if groups else []
            if found or time.monotonic() > deadline:
                return [json.loads(event["message"]) for event in found]
            time.sleep(0.1)


@pytest.mark.clause("G.7.3", proof="test")
def test_a_matching_event_invokes_the_function_and_nobody_waits_for_it(emulator: Any) -> None:
    listening = Listening(emulator)
    started = time.monotonic()
    listening.send("other")
    listening.send()
    assert time.monotonic() - started < 1.0
    (event,) = listening.heard()
    assert (event["source"], event["detail"], event["resources"]) == ("app", {"from": "app"}, ["x"])
    assert time.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ")
    assert set(event) == FIELDS


@pytest.mark.clause("G.7.3", proof="test")
def test_a_function_that_does_not_let_the_rule_in_hears_nothing(emulator: Any) -> None:
    listening = Listening(emulator, permitted=False)
    permit(emulator, "f", "events", f"{listening.rule}-of-another")
    listening.send()
    assert listening.heard(wait_seconds=3) == []


def test_a_rule_that_is_turned_off_sends_nothing(emulator: Any) -> None:
    listening = Listening(emulator)
    listening.events.disable_rule(Name="r")
    listening.send()
    assert listening.heard(wait_seconds=3) == []


@pytest.mark.clause("G.7.3", proof="test")
def test_a_rule_keeps_its_targets_while_it_sends() -> None:
    """Secrets rotate side by side, and each of them sends by the same rule."""
    from delivery.sandbox.gaps.events import _send_to_targets

    queue, function = ({"Id": kind, "Arn": f"arn:aws:{kind}:us-east-1:123456789012:t"} for kind in ("sqs", "lambda"))
    nothing_matches = SimpleNamespace(matches_event=lambda _event: False)
    rule = SimpleNamespace(state="ENABLED", targets=[queue, function], event_pattern=nothing_matches)
    seen = []
    _send_to_targets(lambda left, *_event: seen.append((left.targets, rule.targets)), rule, {})
    assert seen == [([queue], [queue, function])]


def test_a_target_that_is_gone_hurts_nobody(emulator: Any) -> None:
    listening = Listening(emulator)
    emulator.client("lambda").delete_function(FunctionName="f")
    listening.send()


def test_plain_moto_still_knows_no_functions(plain_moto: Any) -> None:
    with pytest.raises(ClientError):
        Listening(plain_moto).send()


def test_plain_moto_still_knows_no_topics(plain_moto: Any) -> None:
    with pytest.raises(ClientError):
        _send(plain_moto)
