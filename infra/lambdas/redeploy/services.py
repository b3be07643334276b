"""The services of ECS, and a deployment of one that has the value of before."""

from datetime import datetime, timedelta
from typing import Any

from .problem import RedeployError

MISSING = "MISSING"
# An event's time has no parts of a second: what was created in that second may be older than the new value.
TIME_UNIT = timedelta(seconds=1)


def deploy_anew(client: Any, cluster: str, service: str, value_changed_at: datetime) -> str:
    """Start a deployment of an active service, unless there is one that began after the change; say what was done.

    Events come at least once: for the second one there is nothing left to do. In doubt a deployment is started, as one
    too many does no harm. A service that is not there yet, or no more, has no task with the value of before: as when
    Terraform makes the platform, whose secrets rotate before their services exist.
    """
    newest = _newest_deployment(client, cluster, service)
    if newest is None:
        return "no active service, nothing to deploy"
    if newest >= value_changed_at + TIME_UNIT:
        return "deployed since"
    client.update_service(cluster=cluster, service=service, forceNewDeployment=True)
    return "deployment started"


def _newest_deployment(client: Any, cluster: str, service: str) -> datetime | None:
    """When the newest deployment of an active service began; None when there is no active service.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html (2026-11-26)
    """
    described = client.describe_services(cluster=cluster, services=[service])
    if any(failure.get("reason") != MISSING for failure in described.get("failures", [])):
        raise RedeployError("ECS does not describe the service", allowed="the service, or that it is missing")
    active = [each for each in described.get("services", []) if each.get("status") == "ACTIVE"]
    if not active:
        return None
    moments: list[datetime] = [deployment["createdAt"] for deployment in active[0]["deployments"]]
    return max(moments)
