"""Terraform JSON to a graph: what a synthesizer wrote, or *.tf.json files written by hand.

Syntax: https://developer.hashicorp.com/terraform/language/syntax/json (checked 2026-11-22).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.graph.documents import Entry, entries_of, read_entries
from policies.graph.graph import Graph
from policies.graph.resource import Provenance, Resource
from policies.graph.scope import Scope

# How many levels of names stand above a body.
_OPENED = {"resource": 2, "data": 2, "ephemeral": 2, "provider": 1, "variable": 1, "locals": 0, "module": 1}
_MODES = ("resource", "data", "ephemeral")
KNOWN_BLOCKS = frozenset({*_OPENED, "terraform", "output", "moved", "import", "removed", "check", "//"})


def load_terraform_json(files: list[Path], source: str) -> Graph:
    """The graph of the files of one folder, which Terraform reads as one module."""
    return _graph([(path, entry) for path in files for entry in read_entries(path, _OPENED)], source)


def load_document(document: Any, source: str = "cdk.tf.json") -> Graph:
    """The graph of one file's decoded content, as tests and mutants have it; resources have no line."""
    return _graph([(Path(source), entry) for entry in entries_of(document, _OPENED)], source)


def _graph(entries: list[tuple[Path, Entry]], source: str) -> Graph:
    for path, entry in entries:
        _check_shape(path, entry)
    scope = Scope(locals=_locals(entries), variables=_variables(entries))
    providers = tuple(_providers(entries, scope))
    return Graph(
        _resources(entries, scope, {item.address: item for item in providers}),
        scope,
        source=source,
        kind="json",
        stack=_stack_name(entries),
        providers=providers,
        settings={entry.keys[0]: entry.value for _, entry in entries if entry.keys[0] not in _OPENED},
    )


def _check_shape(path: Path, entry: Entry) -> None:
    block, *names = entry.keys
    where = f"{path}:{entry.line}"
    if block not in KNOWN_BLOCKS:
        raise GateError(
            "no Terraform JSON", where, found=f"a top-level block {block!r}", allowed=", ".join(sorted(KNOWN_BLOCKS))
        )
    if block == "module":
        raise GateError(
            "a module call, which only Terraform can expand",
            where,
            found=f"module.{names[0] if names else ''}",
            remedy="Gate the plan instead: terraform show -json PLAN > plan.json",
        )
    if len(names) < _OPENED.get(block, 0) and entry.value not in ({}, []):
        raise GateError(f"a {block} block without its names", where, found=type(entry.value).__name__)


def _bodies(entry: Entry, path: Path) -> list[Mapping[str, Any]]:
    """The bodies at an entry: one object, or a list of objects."""
    found = entry.value if isinstance(entry.value, list) else [entry.value]
    for body in found:
        if not isinstance(body, dict):
            raise GateError(
                f"{'.'.join(entry.keys)} is no block",
                f"{path}:{entry.line}",
                found=repr(body)[:80],
                allowed="an object",
            )
    return found


def _resources(
    entries: list[tuple[Path, Entry]], scope: Scope, providers: Mapping[str, Resource]
) -> Iterator[Resource]:
    places: dict[str, str] = {}
    for path, entry in entries:
        mode, *names = entry.keys
        if mode not in _MODES or len(names) != 2:
            continue
        for body in _bodies(entry, path):
            item = _resource(mode, names[0], names[1], body, scope, providers, path, entry.line)
            if item.address in places:
                raise GateError(
                    f"{item.address} is declared twice", f"{path}:{entry.line}", found=f"also at {places[item.address]}"
                )
            places[item.address] = f"{path}:{entry.line}"
            scope.declared[item.address] = [item]
            yield item


def _resource(
    mode: str,
    kind: str,
    name: str,
    body: Mapping[str, Any],
    scope: Scope,
    providers: Mapping[str, Resource],
    path: Path,
    line: int,
) -> Resource:
    return Resource(
        address=f"{kind}.{name}" if mode == "resource" else f"{mode}.{kind}.{name}",
        mode=mode,
        type=kind,
        name=name,
        values=body,
        scope=scope,
        provenance=Provenance(str(path), line, _construct_path(body)),
        provider=providers.get(_provider_address(kind, body.get("provider"))),
    )


def _construct_path(body: Mapping[str, Any]) -> str:
    comment = body.get("//")
    metadata = comment.get("metadata") if isinstance(comment, dict) else None
    path = metadata.get("path") if isinstance(metadata, dict) else None
    return path if isinstance(path, str) else ""


def _provider_address(kind: str, provider: Any) -> str:
    """`provider.aws` or `provider.aws.west`, from a meta-argument `aws.west` or `${aws.west}` and the resource type."""
    if isinstance(provider, str) and provider:
        return f"provider.{provider.strip('${} ')}"
    return f"provider.{kind.partition('_')[0]}"


def _providers(entries: list[tuple[Path, Entry]], scope: Scope) -> Iterator[Resource]:
    for path, entry in entries:
        if entry.keys[0] != "provider" or len(entry.keys) != 2:
            continue
        for body in _bodies(entry, path):
            alias = body.get("alias")
            address = f"provider.{entry.keys[1]}" + (f".{alias}" if isinstance(alias, str) else "")
            yield Resource(
                address, "provider", entry.keys[1], str(alias or ""), body, scope, Provenance(str(path), entry.line)
            )


def _locals(entries: list[tuple[Path, Entry]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path, entry in entries:
        if entry.keys == ("locals",):
            for body in _bodies(entry, path):
                merged.update({name: value for name, value in body.items() if name != "//"})
    return merged


def _variables(entries: list[tuple[Path, Entry]]) -> dict[str, Any]:
    """Defaults only: a variable without one has no value that can be judged."""
    return {
        entry.keys[1]: body["default"]
        for path, entry in entries
        if entry.keys[0] == "variable" and len(entry.keys) == 2
        for body in _bodies(entry, path)
        if "default" in body
    }


def _stack_name(entries: list[tuple[Path, Entry]]) -> str:
    for _, entry in entries:
        if entry.keys == ("//",):
            metadata = entry.value.get("metadata") if isinstance(entry.value, dict) else None
            name = metadata.get("stackName") if isinstance(metadata, dict) else None
            if isinstance(name, str):
                return name
    return ""
