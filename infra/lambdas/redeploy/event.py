"""The event that Secrets Manager sends when a secret has a new value, and the strict check of it."""

from dataclasses import dataclass
from datetime import datetime

from .problem import RedeployError

SOURCE = "aws.secretsmanager"
DETAIL_TYPE = "Secret Label Updated"
CURRENT = "AWSCURRENT"
_ALLOWED = f"{SOURCE}, {DETAIL_TYPE} of {CURRENT}, one secret in resources, a time with its zone"


@dataclass(frozen=True)
class NewValue:
    """A secret had a new value at `at`, told to the second below."""

    secret_arn: str
    at: datetime


def read_event(event: object) -> NewValue:
    """RedeployError, which repeats nothing of the event, when it is another one.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
    (2026-11-26)
    """
    if not isinstance(event, dict):
        raise _refused("no object")
    detail = event.get("detail")
    label = detail.get("labelUpdated") if isinstance(detail, dict) else None
    found = {"source": event.get("source"), "detail-type": event.get("detail-type"), "detail.labelUpdated": label}
    expected = {"source": SOURCE, "detail-type": DETAIL_TYPE, "detail.labelUpdated": CURRENT}
    wrong = [key for key in expected if found[key] != expected[key]]
    if wrong:
        raise _refused(f"another {', '.join(wrong)}")
    resources = event.get("resources")
    if not isinstance(resources, list) or len(resources) != 1 or not isinstance(resources[0], str):
        raise _refused("other resources")
    return NewValue(resources[0], _moment(event.get("time")))


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _refused("another time")
    return moment


def _refused(found: str) -> RedeployError:
    return RedeployError("the event does not tell of a new value", found, _ALLOWED, "Only the rule's events come here.")
