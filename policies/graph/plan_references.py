"""The configuration part of a plan: the references behind each argument, through modules and their variables."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.graph.evaluated import shaped

_RESOURCE = re.compile(r"(?:data\.)?[a-z][a-z0-9]*_\w+\.")
_DEEPEST = 30


class Configuration:
    """Expressions by resource, their references named from the root module."""

    def __init__(self, document: dict[str, Any], path: Path) -> None:
        self._document = document
        self._path = path
        self._modules: dict[str, dict[str, Any]] = {}
        self._calls: dict[str, dict[str, Any]] = {}
        self._resources: dict[str, tuple[str, dict[str, Any]]] = {}
        self._add_module("", shaped(document.get("root_module", {}), dict, path, "root_module"))

    def expressions(self, base: str) -> Any:
        """The arguments of a resource (address without indexes): maps and lists down to `references`."""
        module, body = self._resources.get(base, ("", {}))
        return self._qualified(body.get("expressions", {}), module)

    def providers(self) -> Iterator[dict[str, Any]]:
        """The provider blocks of the root module."""
        table = shaped(self._document.get("provider_config", {}), dict, self._path, "provider_config")
        for block in table.values():
            block = shaped(block, dict, self._path, "a provider")
            if not block.get("module_address"):
                yield {**block, "expressions": self._qualified(block.get("expressions", {}), "")}

    def _add_module(self, address: str, body: dict[str, Any]) -> None:
        self._modules[address] = body
        prefix = f"{address}." if address else ""
        for item in shaped(body.get("resources", []), list, self._path, "resources of the configuration"):
            item = shaped(item, dict, self._path, "a resource of the configuration")
            self._resources[prefix + str(item.get("address"))] = (address, item)
        for name, call in shaped(body.get("module_calls", {}), dict, self._path, "module_calls").items():
            call = shaped(call, dict, self._path, f"module {name}")
            self._calls[f"{prefix}module.{name}"] = call
            self._add_module(
                f"{prefix}module.{name}", shaped(call.get("module", {}), dict, self._path, f"module {name}")
            )

    def _qualified(self, value: Any, module: str) -> Any:
        if isinstance(value, list):
            return [self._qualified(item, module) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(found := value.get("references"), list):
            return self._leaf(value, [str(item) for item in found], module)
        return {key: self._qualified(item, module) for key, item in value.items()}

    def _leaf(self, value: dict[str, Any], names: list[str], module: str) -> dict[str, Any]:
        """An expression with its references named from the root, and as it was written where that means the same."""
        whole = list(dict.fromkeys(name for name in names if not _is_prefix_of_another(name, names)))
        from_root = list(dict.fromkeys(item for name in whole for item in self._from_root(name, module)))
        if from_root == whole and "constant_value" in value:
            return {"constant_value": value["constant_value"], "references": from_root}
        return {"references": from_root}

    def _from_root(self, reference: str, module: str, depth: int = 0) -> list[str]:
        """A reference inside a module as references of the root module."""
        if depth > _DEEPEST:
            return [reference]
        if module and reference.startswith("var."):
            return self._behind(
                self._call_argument(module, reference), module.rpartition("module.")[0].rstrip("."), depth
            )
        if reference.startswith("module."):
            inner, output = self._output(reference, module)
            return self._behind(output, inner, depth) if output is not None else [reference]
        return [f"{module}.{reference}"] if module and _RESOURCE.match(reference) else [reference]

    def _behind(self, expression: Any, module: str, depth: int) -> list[str]:
        found = expression.get("references", []) if isinstance(expression, dict) else []
        names = [str(item) for item in found]
        whole = [name for name in names if not _is_prefix_of_another(name, names)]
        return [one for name in whole for one in self._from_root(name, module, depth + 1)]

    def _call_argument(self, module: str, reference: str) -> Any:
        arguments = self._calls[module].get("expressions", {})
        return arguments.get(reference.split(".")[1].partition("[")[0]) if isinstance(arguments, dict) else None

    def _output(self, reference: str, module: str) -> tuple[str, Any]:
        """The module and the expression behind `module.x.output`."""
        parts = reference.split(".")
        if len(parts) < 3:
            return module, None
        inner = f"{module}.module.{parts[1]}" if module else f"module.{parts[1]}"
        inner = re.sub(r"\[[^\]]*\]", "", inner)
        outputs = self._modules.get(inner, {}).get("outputs", {})
        output = outputs.get(parts[2].partition("[")[0]) if isinstance(outputs, dict) else None
        return inner, output.get("expression") if isinstance(output, dict) else None


def _is_prefix_of_another(name: str, names: list[str]) -> bool:
    """Terraform lists `aws_subnet.a.id` and then `aws_subnet.a`, which says less."""
    return any(other != name and other.startswith((f"{name}.", f"{name}[")) for other in names)
