"""Plans in the form in which `terraform show -json` prints them, as small as a test needs them."""

import json
from typing import Any

Document = dict[str, Any]
ROLE = "aws_iam_role.task"
TRUST = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
        ]
    }
)


def resource(address: str, **values: Any) -> Document:
    kind, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}


def changing(address: str, *actions: str, before: Any = None, after: Any = None, **more: Any) -> Document:
    """An entry of `resource_changes`; `more` goes into it beside `change`, or into `change` where it belongs."""
    inner = {key: more.pop(key) for key in ("replace_paths", "importing", "after_unknown") if key in more}
    kind, _, name = address.partition(".")
    change = {"actions": list(actions), "before": before, "after": after, **inner}
    return {"address": address, "mode": "managed", "type": kind, "name": name, "change": change, **more}


def plan(
    before: list[Document] | None = None,
    after: list[Document] | None = None,
    changes: list[Document] | None = None,
    written: dict[str, Document] | None = None,
    **parts: Any,
) -> Document:
    """before and after: resources; written: address -> expressions of the configuration."""
    configured = [{"address": address, "expressions": each} for address, each in (written or {}).items()]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": after or []}},
        "prior_state": {"values": {"root_module": {"resources": before or []}}},
        "resource_changes": changes or [],
        "configuration": {"root_module": {"resources": configured}},
        **parts,
    }
