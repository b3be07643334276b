"""What plans and states have in common: resources with literal values, in modules within modules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.graph.graph import Graph
from policies.graph.resource import Provenance, Resource
from policies.graph.scope import Scope
from policies.graph.templates import escape

_MODES = {"managed": "resource", "data": "data"}
# Meta-arguments, which no plan or state repeats.
_FROM_COMPANION = ("lifecycle", "//")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A resource as Terraform shows it. address: with module and index; base: without any index."""

    address: str
    base: str
    mode: str
    type: str
    name: str
    values: Mapping[str, Any]


def shown_resources(module: Any, path: Path) -> Iterator[Evaluated]:
    """The resources of a shown module and of those inside it."""
    pending = [module]
    while pending:
        current = shaped(pending.pop(), dict, path, "a module")
        for item in shaped(current.get("resources", []), list, path, "a list of resources"):
            yield _shown(shaped(item, dict, path, "a resource"), path)
        pending.extend(shaped(current.get("child_modules", []), list, path, "a list of modules"))


def _shown(item: dict[str, Any], path: Path) -> Evaluated:
    address, mode, kind, name = (item.get(key) for key in ("address", "mode", "type", "name"))
    if not (isinstance(address, str) and isinstance(kind, str) and isinstance(name, str) and mode in _MODES):
        raise GateError("a resource without address, mode, type and name", str(path), found=repr(item)[:80])
    if isinstance(deposed := item.get("deposed_key"), str):
        address = f"{address} (deposed {deposed})"
    values = shaped(item.get("values") or {}, dict, path, f"the values of {address}")
    return Evaluated(address, without_indexes(address), _MODES[mode], kind, name, values)


def without_indexes(address: str) -> str:
    """`module.a["x"].aws_subnet.b[0]` as `module.a.aws_subnet.b`."""
    out: list[str] = []
    depth = 0
    quoted = False
    for character in address.partition(" (deposed")[0]:
        if character == '"':
            quoted = not quoted
        elif character == "[" and not quoted:
            depth += 1
        elif character == "]" and not quoted:
            depth -= 1
            continue
        if depth == 0:
            out.append(character)
    return "".join(out)


def evaluated_graph(
    items: Iterator[Evaluated], scope: Scope, path: Path, kind: str, companion: Graph | None, providers: list[Resource]
) -> Graph:
    """The graph of evaluated resources, with what only their source knows taken from the companion."""
    if companion is not None:
        scope.locals = companion.scope.locals
    resources: dict[str, Resource] = {}
    for item in items:
        source = companion.resources.get(item.base) if companion else None
        resource = Resource(
            address=item.address,
            mode=item.mode,
            type=item.type,
            name=item.name,
            values={**item.values, **_meta(source)},
            scope=scope,
            provenance=source.provenance if source else Provenance(str(path)),
        )
        if item.address in resources:
            raise GateError(f"{item.address} stands there twice", str(path))
        resources[item.address] = resource
        scope.declared.setdefault(item.base, []).append(resource)
    stack = companion.stack if companion else ""
    return Graph(resources.values(), scope, source=str(path), kind=kind, stack=stack, providers=providers)


def _meta(source: Resource | None) -> dict[str, Any]:
    return {key: source.values[key] for key in _FROM_COMPANION if key in source.values} if source else {}


def escaped(value: Any) -> Any:
    """Literal values as templates that evaluate to them."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, list):
        return [escaped(item) for item in value]
    if isinstance(value, dict):
        return {key: escaped(item) for key, item in value.items()}
    return value


def shaped(value: Any, kind: type[Any], path: Path, what: str) -> Any:
    """The value, if it is of that type; GateError otherwise."""
    if not isinstance(value, kind):
        raise GateError(f"{what} is of the wrong type", str(path), found=repr(value)[:80], allowed=kind.__name__)
    return value
