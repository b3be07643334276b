"""A synthesized stack as its state would show it: every reference replaced by what AWS made of the resource."""

import json
import re
from pathlib import Path
from typing import Any

from policies.graph import Graph
from policies.graph.state import load_shown_state

ACCOUNT = "123456789012"
OF_NOBODY = {"account_id": ACCOUNT, "partition": "aws"}
REFERENCE = re.compile(r"\$\{((?:data\.)?aws_\w+)\.([\w-]+)\.([\w.\[\]-]+)\}")


def applied(document: dict[str, Any]) -> Graph:
    """The graph of the state. What AWS computes is made up: ids and ARNs are unique, the rest only looks like it."""
    tables = {**document["resource"], **{f"data.{kind}": table for kind, table in document.get("data", {}).items()}}
    tags = document["provider"]["aws"][0]["default_tags"][0]["tags"]
    resources = [
        {
            "address": f"{kind}.{name}",
            "mode": "data" if kind.startswith("data.") else "managed",
            "type": kind.removeprefix("data."),
            "name": name,
            "values": {"tags_all": {**tags, **body.get("tags", {})}, **_values(kind, name, body, tables)},
        }
        for kind, table in tables.items()
        for name, body in table.items()
    ]
    state = {"format_version": "1.0", "values": {"root_module": {"resources": resources}}}
    return load_shown_state(state, Path("state.json"), None)


def _values(kind: str, name: str, body: dict[str, Any], tables: dict[str, Any]) -> dict[str, Any]:
    """What is written, references filled in, beside what AWS computes; no meta-arguments and no write-only ones."""
    meta = ("//", "lifecycle", "depends_on")
    written = {key: value for key, value in body.items() if key not in meta and not key.endswith("_wo")}
    filled: dict[str, Any] = json.loads(_filled(json.dumps(written), tables))
    return {**_computed(kind, name, body), **filled}


def _computed(kind: str, name: str, body: dict[str, Any]) -> dict[str, str]:
    computed = {
        "id": f"{kind}-{name}",
        "arn": f"arn:aws:{kind}:us-east-1:{ACCOUNT}:{name}",
        "arn_suffix": f"{kind}/{name}",
    }
    if kind == "data.aws_caller_identity":
        computed["account_id"] = ACCOUNT
    if kind == "aws_lambda_function":
        computed["id"] = body["function_name"]
    if kind == "aws_secretsmanager_secret":
        computed["id"] = computed["arn"]
    if kind == "aws_ecr_repository":
        computed["repository_url"] = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/{body['name']}"
    return computed


def _filled(text: str, tables: dict[str, Any]) -> str:
    while (changed := REFERENCE.sub(lambda match: _value(tables, *match.groups()), text)) != text:
        text = changed
    return text


def _value(tables: dict[str, Any], kind: str, name: str, attribute: str) -> str:
    body = tables.get(kind, {}).get(name, {})
    known = {**OF_NOBODY, **_computed(kind, name, body), **body}.get(attribute)
    return str(known) if isinstance(known, str | int) else f"{kind}-{name}-{attribute}"
