"""Rotate every secret of a deployed stack once: the value changes, and the services that use it are deployed anew."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from delivery.aws import clients
from delivery.checks.live import Live
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from policies.spec import load_spec

LIMIT_SECONDS = 120.0
POLL_SECONDS = 0.5
CURRENT = "AWSCURRENT"


@dataclass(frozen=True)
class Before:
    """A secret and the service that uses it, before a rotation. Values are compared and never shown."""

    component: str
    arn: str
    service: str
    version: str
    value: str
    deployment: str


def rotate_secrets(deployment: Deployment) -> Outcome:
    """StepFailedError naming every secret that did not change, or whose service was not deployed anew, in time."""
    live = Live(deployment.environment, deployment.region, deployment.suffix, load_spec(deployment.platform))
    client_of = clients(deployment.environment, deployment.region)
    befores = [_before(live, component, stated["service"]) for component, stated in live.stated_secrets.items()]
    for before in befores:
        client_of("secretsmanager").rotate_secret(SecretId=before.arn)
    late = _wait(lambda: list(_unfinished(client_of, live, befores)), deployment.terraform.cancellation)
    if late:
        raise StepFailedError("\n".join([f"after {LIMIT_SECONDS:g} s:", *(f"  {problem}" for problem in late)]))
    services = {before.service for before in befores}
    return Outcome(f"{len(befores)} secrets changed, {len(services)} services deployed anew")


def _before(live: Live, component: str, service: str) -> Before:
    found = live.secrets[component]
    value = live.client("secretsmanager").get_secret_value(SecretId=found["ARN"])
    newest = _newest(live.services[service])
    return Before(component, found["ARN"], service, value["VersionId"], value["SecretString"], newest)


def _unfinished(client_of: Callable[[str], Any], live: Live, befores: list[Before]) -> Iterator[str]:
    for before in befores:
        value = client_of("secretsmanager").get_secret_value(SecretId=before.arn, VersionStage=CURRENT)
        if value["VersionId"] == before.version or value["SecretString"] == before.value:
            yield f"{before.component} has the value of before"
            continue
        name = live.name("ecs-service", before.service)
        described = client_of("ecs").describe_services(cluster=live.name("ecs-cluster"), services=[name])
        if _newest(described["services"][0]) == before.deployment:
            yield f"{before.service} was not deployed anew after {before.component} had changed"


def _newest(service: dict[str, Any]) -> str:
    return str(max(service["deployments"], key=lambda item: item["createdAt"])["id"])


def _wait(problems: Callable[[], list[str]], cancellation: Any) -> list[str]:
    """The problems that are left when there are none or time is up."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while (found := problems()) and time.monotonic() < deadline:
        if cancellation is not None:
            cancellation.raise_if_cancelled()
        time.sleep(POLL_SECONDS)
    return found
