"""AWS answers in the provider's words: pure helpers that several kinds share."""

import json
from typing import Any

from delivery.verify.asking import Answer


def tagged(answer: Answer, *keys: str) -> dict[str, Any]:
    """`tags` and `tags_all` of an answer, in whichever of AWS's spellings they come ("Tags" and "tags" by default)."""
    found: Any = next((answer[key] for key in keys or ("Tags", "tags", "TagSet") if answer.get(key)), [])
    tags = (
        dict(found)
        if isinstance(found, dict)
        else {tag.get("key", tag.get("Key")): tag.get("value", tag.get("Value")) for tag in found}
    )
    return {"tags": tags, "tags_all": tags}


def document(policy: Any) -> str:
    """A policy as the JSON text that a state holds."""
    return policy if isinstance(policy, str) else json.dumps(policy, sort_keys=True)


def last(arn: str) -> str:
    """What follows the last slash of an ARN: the name of a role, a cluster, a service."""
    return arn.rsplit("/", 1)[-1]


def block(values: dict[str, Any]) -> list[dict[str, Any]]:
    """A block that may stand once, as a state shows it: a list of one, or of none when nothing is said."""
    return [values] if any(value is not None for value in values.values()) else []
