"""The container definition of a service, as the JSON that ECS takes. Pure: no construct, no jsii."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from infra.literal import literal
from infra.settings.model import Service

DROPPED_CAPABILITIES = ["ALL"]


@dataclass(frozen=True)
class Surroundings:
    """What a container is given by the stack around it."""

    repository_url: str
    log_group_name: str
    region: str
    hosts: Mapping[str, str]  # callee -> DNS name; empty without discovery
    ports: Mapping[str, int]  # service -> port
    secret_values: Mapping[str, str]  # variable -> ARN of a secret and the JSON key in it


def container_definitions(service: Service, around: Surroundings) -> str:
    """A list with the one container of the service, as a JSON string."""
    definition = {
        "name": service.name,
        "image": f"{around.repository_url}{service.image.reference}",
        "essential": True,
        "cpu": service.cpu_units,
        "memory": service.memory_mib,
        "user": service.user,
        "readonlyRootFilesystem": True,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": DROPPED_CAPABILITIES}},
        "stopTimeout": service.stop_timeout_seconds,
        "portMappings": [{"containerPort": service.port, "hostPort": service.port, "protocol": "tcp"}],
        "environment": [
            {"name": name, "value": value} for name, value in sorted(_environment(service, around).items())
        ],
        **_secrets(around),
        "healthCheck": {
            "command": [literal(word) for word in service.health_check.command],
            "interval": service.health_check.interval_seconds,
            "timeout": service.health_check.timeout_seconds,
            "retries": service.health_check.retries,
            "startPeriod": service.health_check.start_period_seconds,
        },
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": around.log_group_name,
                "awslogs-region": around.region,
                "awslogs-stream-prefix": service.name,
            },
        },
    }
    return json.dumps([definition])


def _secrets(around: Surroundings) -> dict[str, list[dict[str, str]]]:
    """Values that ECS reads when it starts a task; a container without secrets has no such block."""
    values = [{"name": name, "valueFrom": value} for name, value in sorted(around.secret_values.items())]
    return {"secrets": values} if values else {}


def variable_prefix(service_name: str) -> str:
    """fraud-detection -> FRAUD_DETECTION, the start of the variables that tell a caller where its callee is."""
    return service_name.upper().replace("-", "_")


def _environment(service: Service, around: Surroundings) -> dict[str, str]:
    own = {name: literal(value) for name, value in service.environment.items()}
    found: dict[str, str] = {}
    for callee in service.calls:
        if callee in around.hosts:
            prefix = variable_prefix(callee)
            found |= {f"{prefix}_HOST": around.hosts[callee], f"{prefix}_PORT": str(around.ports[callee])}
    return {**own, "PORT": str(service.port), **found}
