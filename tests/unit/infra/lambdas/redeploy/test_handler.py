"""A new value of a secret starts one deployment of each service that uses it, however often it is told."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.lambdas.redeploy.event import NewValue, read_event
from infra.lambdas.redeploy.handler import run
from infra.lambdas.redeploy.problem import RedeployError
from tests.unit.infra.lambdas.ecs import Ecs, Service
from tests.unit.infra.lambdas.secrets_manager import ACCOUNT, ADMIN_ARN, ARN, REGION

CHANGED = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)
PROCESSOR, DETECTOR = "ecs-service-payment-processor-pr42", "ecs-service-fraud-detector-pr42"
ENVIRONMENT = {
    "CLUSTER": "ecs-cluster-pr42",
    "SERVICES": json.dumps({ARN: [PROCESSOR], ADMIN_ARN: [PROCESSOR, DETECTOR]}),
}
# The example of https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Secret Label Updated",
    "source": "aws.secretsmanager",
    "account": ACCOUNT,
    "time": "2026-11-26T12:00:00Z",
    "region": REGION,
    "resources": [ARN],
    "detail": {"name": "secret", "labelUpdated": "AWSCURRENT", "versionId": "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"},
}


def ecs_after(seconds: float) -> Ecs:
    """Services that were deployed a day before the change, asked this long after it."""
    before = CHANGED - timedelta(days=1)
    return Ecs(CHANGED + timedelta(seconds=seconds), {name: Service([before]) for name in (PROCESSOR, DETECTOR)})


@pytest.mark.clause("G.7.3", proof="test")
def test_every_service_that_uses_the_secret_is_deployed_anew_and_no_other() -> None:
    one, both = ecs_after(3), ecs_after(3)
    run(EVENT, ENVIRONMENT, one)
    run({**EVENT, "resources": [ADMIN_ARN]}, ENVIRONMENT, both)

    assert one.updated == [PROCESSOR]
    assert both.updated == [PROCESSOR, DETECTOR]


@pytest.mark.clause("G.7.3", proof="test")
def test_an_event_that_comes_twice_starts_one_deployment(caplog: pytest.LogCaptureFixture) -> None:
    ecs = ecs_after(3)
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            run(EVENT, ENVIRONMENT, ecs)

    assert ecs.updated == [PROCESSOR]
    done = ["deployment started", "deployed since", "deployed since"]
    assert [record.getMessage() for record in caplog.records] == [f"{PROCESSOR}: {text}" for text in done]


@pytest.mark.clause("G.7.3", proof="test")
@pytest.mark.parametrize(
    ("deployed", "started"),
    [(-86400.0, 1), (-0.1, 1), (0.0, 1), (0.999, 1), (1.0, 0), (60.0, 0)],
    ids=["a-day-before", "just-before", "at-the-second", "in-the-second", "after-the-second", "a-minute-after"],
)
def test_a_deployment_counts_when_it_surely_began_after_the_change(deployed: float, started: int) -> None:
    """An event's time is cut to the second: what began in that second may have the value of before."""
    ecs = ecs_after(90)
    ecs.services[PROCESSOR].deployments = [CHANGED + timedelta(seconds=deployed), CHANGED - timedelta(days=2)]
    run(EVENT, ENVIRONMENT, ecs)

    assert len(ecs.updated) == started


@pytest.mark.clause("G.7.3", proof="test")
def test_a_second_change_is_told_by_its_own_event() -> None:
    ecs = ecs_after(3)
    run(EVENT, ENVIRONMENT, ecs)
    ecs.now += timedelta(seconds=60)
    run({**EVENT, "time": "2026-11-26T12:00:58Z"}, ENVIRONMENT, ecs)

    assert ecs.updated == [PROCESSOR, PROCESSOR]


@pytest.mark.clause("G.9.8", proof="test")
def test_a_service_that_cannot_be_deployed_does_not_stop_the_others_and_is_told() -> None:
    ecs = ecs_after(3)
    ecs.refusing = {PROCESSOR}
    event = {**EVENT, "resources": [ADMIN_ARN]}

    with pytest.raises(RedeployError, match=f"^{PROCESSOR} was not deployed anew: ClientError: .*Throttling"):
        run(event, ENVIRONMENT, ecs)
    assert ecs.updated == [DETECTOR]

    ecs.refusing = set()
    run(event, ENVIRONMENT, ecs)
    assert ecs.updated == [DETECTOR, PROCESSOR]


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize("status", ["DRAINING", "INACTIVE", None])
def test_a_service_that_is_not_there_has_nothing_to_deploy(
    status: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """It will start with the new value, or never again; the other service is deployed all the same."""
    ecs = ecs_after(3)
    if status is None:
        del ecs.services[PROCESSOR]
    else:
        ecs.services[PROCESSOR].status = status

    with caplog.at_level(logging.INFO):
        run({**EVENT, "resources": [ADMIN_ARN]}, ENVIRONMENT, ecs)

    assert ecs.updated == [DETECTOR]
    assert f"{PROCESSOR}: no active service, nothing to deploy" in caplog.messages


@pytest.mark.clause("G.9.8", proof="test")
def test_a_service_that_ecs_does_not_describe_for_another_reason_is_told() -> None:
    ecs = ecs_after(3)
    del ecs.services[PROCESSOR]
    ecs.reason = "UNKNOWN"

    with pytest.raises(RedeployError, match=f"^{PROCESSOR} was not deployed anew: .*does not describe the service"):
        run(EVENT, ENVIRONMENT, ecs)


@pytest.mark.clause("G.9.8", proof="test")
def test_a_cluster_that_is_not_there_is_told() -> None:
    """Whatever ECS itself refuses is an error, and no missing service."""
    with pytest.raises(RedeployError, match=f"^{PROCESSOR} was not deployed anew: ClientError: .*ClusterNotFound"):
        run(EVENT, {**ENVIRONMENT, "CLUSTER": "ecs-cluster-other"}, ecs_after(3))


@pytest.mark.clause("G.9.8", proof="test")
def test_a_secret_that_nobody_uses_is_told() -> None:
    with pytest.raises(RedeployError, match=f"nobody uses the secret of the event; allowed: {ARN}, {ADMIN_ARN}"):
        run({**EVENT, "resources": [f"{ARN}x"]}, ENVIRONMENT, ecs_after(3))


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {**ENVIRONMENT, "CLUSTER": ""},
        {**ENVIRONMENT, "SERVICES": ""},
        {**ENVIRONMENT, "SERVICES": "["},
        {**ENVIRONMENT, "SERVICES": "[]"},
        {**ENVIRONMENT, "SERVICES": json.dumps({ARN: PROCESSOR})},
        {**ENVIRONMENT, "SERVICES": json.dumps({ARN: []})},
        {**ENVIRONMENT, "SERVICES": json.dumps({ARN: [""]})},
        {**ENVIRONMENT, "SERVICES": json.dumps({ARN: [None]})},
    ],
)
def test_a_function_without_its_environment_says_so(environment: dict[str, str]) -> None:
    ecs = ecs_after(3)
    with pytest.raises(RedeployError, match="the function is not configured; found "):
        run(EVENT, environment, ecs)
    assert not ecs.updated


@pytest.mark.clause("G.7.3", proof="test")
def test_the_event_of_the_user_guide_is_read() -> None:
    assert read_event(EVENT) == NewValue(ARN, CHANGED)


@pytest.mark.clause("G.9.8", proof="test")
@pytest.mark.parametrize(
    ("event", "found"),
    [
        (None, "no object"),
        ([EVENT], "no object"),
        ({}, "another source, detail-type, detail.labelUpdated"),
        ({**EVENT, "source": "canary"}, "another source"),
        ({**EVENT, "detail-type": "AWS API Call via CloudTrail"}, "another detail-type"),
        ({**EVENT, "detail": None}, "another detail.labelUpdated"),
        ({**EVENT, "detail": {"labelUpdated": "canary"}}, "another detail.labelUpdated"),
        ({**EVENT, "resources": None}, "other resources"),
        ({**EVENT, "resources": []}, "other resources"),
        ({**EVENT, "resources": [ARN, "canary"]}, "other resources"),
        ({**EVENT, "resources": [{"arn": ARN}]}, "other resources"),
        ({**EVENT, "resources": ARN}, "other resources"),
        ({**EVENT, "time": None}, "another time"),
        ({**EVENT, "time": 1764158400}, "another time"),
        ({**EVENT, "time": "canary"}, "another time"),
        ({**EVENT, "time": "2026-11-26T12:00:00"}, "another time"),
    ],
)
def test_another_event_is_refused_and_not_repeated(event: Any, found: str) -> None:
    ecs = ecs_after(3)
    with pytest.raises(RedeployError) as refused:
        run(event, ENVIRONMENT, ecs)

    assert str(refused.value).startswith(f"the event does not tell of a new value; found {found}; allowed: ")
    assert "canary" not in str(refused.value)
    assert not ecs.updated
