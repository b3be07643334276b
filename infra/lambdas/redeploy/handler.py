"""The entry that Lambda calls: `redeploy.handler.handle`.

Lambda tries an event of EventBridge again when this raises; what was done by then is not done twice.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from .event import NewValue, read_event
from .problem import RedeployError
from .services import deploy_anew

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 10, 3

logger = logging.getLogger("redeploy")
logger.setLevel(logging.INFO)


def handle(event: object, _context: object) -> None:
    """Start a deployment of each service that uses the secret. RedeployError naming each that could not be."""
    run(event, os.environ, _ecs())


def run(event: object, environment: Mapping[str, str], client: Any) -> None:
    """The same with the environment and the client of ECS as arguments."""
    value = read_event(event)
    cluster, services = _cluster(environment), _services_of(environment, value.secret_arn)
    problems = list(_deploy(client, cluster, services, value))
    if problems:
        raise RedeployError("; ".join(problems))


def _deploy(client: Any, cluster: str, services: list[str], value: NewValue) -> Iterator[str]:
    """Every service, whatever happens to the others; yields what went wrong."""
    for service in services:
        try:
            logger.info("%s: %s", service, deploy_anew(client, cluster, service, value.at))
        except Exception as error:
            yield f"{service} was not deployed anew: {type(error).__name__}: {error}"


def _cluster(environment: Mapping[str, str]) -> str:
    cluster = environment.get("CLUSTER")
    if not cluster:
        raise RedeployError("the function is not configured", "no CLUSTER", "the name of a cluster")
    return cluster


def _services_of(environment: Mapping[str, str], secret_arn: str) -> list[str]:
    try:
        services = json.loads(environment.get("SERVICES", ""))
    except ValueError:
        services = None
    if not isinstance(services, dict) or not all(_are_names(names) for names in services.values()):
        raise RedeployError("the function is not configured", "another SERVICES", "JSON: {secret ARN: [service names]}")
    if secret_arn not in services:
        raise RedeployError("nobody uses the secret of the event", allowed=", ".join(services) or "no secret at all")
    names: list[str] = services[secret_arn]
    return names


def _are_names(names: object) -> bool:
    return isinstance(names, list) and bool(names) and all(isinstance(name, str) and name for name in names)


@cache
def _ecs() -> Any:
    """One client for all calls of this process."""
    import boto3
    from botocore.config import Config

    bounds = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.client("ecs", config=bounds)
