"""Typed access to what a resource says. Wrong types and unknown values raise; a rule never has to check for them.

Paths are attribute names and indexes: `network_configuration.subnets[0]`. A block that Terraform lets one write once is
found whether it stands as an object or as a list of one object.
"""

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from policies.graph.failures import MalformedError, UnresolvedError
from policies.graph.templates import Expression, TemplateError, is_expression, parts, single_reference

if TYPE_CHECKING:
    from policies.graph.resource import Resource
    from policies.graph.scope import Scope

_PATH_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@lru_cache(maxsize=4096)
def path_steps(path: str) -> tuple[str | int, ...]:
    """`a.b[0]` as ("a", "b", 0)."""
    return tuple(int(index) if index else name for name, index in _PATH_STEP.findall(path))


class Values:
    """Accessors shared by a resource and the blocks inside it."""

    __slots__ = ()
    values: Mapping[str, Any]
    path: str
    scope: "Scope"

    @property
    def resource(self) -> "Resource":
        raise NotImplementedError

    def where(self, path: str = "") -> str:
        """The path as seen from the resource, for findings."""
        if not self.path or not path:
            return self.path or path
        return f"{self.path}{path}" if path.startswith("[") else f"{self.path}.{path}"

    def malformed(self, path: str, found: Any, expected: str) -> MalformedError:
        return MalformedError(self.resource.address, self.where(path), found, expected)

    def unresolved(self, path: str, found: Any, expected: str = "a value that can be known") -> UnresolvedError:
        return UnresolvedError(self.resource.address, self.where(path), found, expected)

    def get(self, path: str, default: Any = None) -> Any:
        """The value as it stands, with locals and variables filled in; `default` when it is absent or null."""
        value: Any = self.values
        for step in path_steps(path):
            value = self._step(value, step, path)
            if value is None:
                return default
        return value

    def has(self, path: str) -> bool:
        """Whether the value is there and says anything: not null, not an empty text, list or block."""
        return self.get(path) not in (None, "", [], {})

    def text(self, path: str, default: str | None = None) -> str | None:
        """A literal text, references to known literals filled in. An empty one counts as absent, as in the provider."""
        value = self.get(path)
        if value is None or value == "":
            return default
        if isinstance(value, bool | int | float):
            return str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, str):
            raise self.malformed(path, value, "a text")
        return self.evaluate(path, value)

    def number(self, path: str, default: float | None = None) -> float | int | None:
        """A number, written as a number or as a text of digits, as Terraform converts it."""
        value = self.get(path)
        if isinstance(value, str) and value:
            value = self._as_number(self.evaluate(path, value))
        if value is None or value == "":
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.malformed(path, self.get(path), "a number")
        if isinstance(value, float) and not math.isfinite(value):
            raise self.malformed(path, self.get(path), "a number with an end")
        return value

    def boolean(self, path: str, default: bool | None = None) -> bool | None:
        """A boolean, written as one or as "true" or "false"."""
        value = self.get(path)
        if isinstance(value, str) and value:
            value = {"true": True, "false": False}.get(self.evaluate(path, value), value)
        if value is None or value == "":
            return default
        if not isinstance(value, bool):
            raise self.malformed(path, value, "true or false")
        return value

    def items(self, path: str) -> tuple[Any, ...]:
        """The items of a list as they stand, for `graph.follow`; () when it is absent."""
        value = self.get(path)
        if value is None:
            return ()
        if isinstance(value, str) and is_expression(value):
            return (value,)  # `"${aws_subnet.private[*].id}"`: one expression that is a list
        if not isinstance(value, list):
            raise self.malformed(path, value, "a list")
        return tuple(self._fill(path, item) for item in value)

    def texts(self, path: str) -> tuple[str, ...]:
        """A list of literal texts; () when it is absent."""
        for index, item in enumerate(items := self.items(path)):
            if not isinstance(item, str):
                raise self.malformed(f"{path}[{index}]", item, "a text")
        return tuple(self.evaluate(f"{path}[{index}]", item) for index, item in enumerate(items))

    def table(self, path: str) -> dict[str, Any]:
        """A map such as tags or log options, values as they stand; {} when it is absent."""
        value = self.get(path)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None or value == []:
            return {}
        if not isinstance(value, dict):
            raise self.malformed(path, value, "a map")
        return {key: self._fill(path, item) for key, item in value.items() if key != "//"}

    def blocks(self, path: str) -> tuple["Block", ...]:
        """Every block of that name, in order; () when there is none."""
        value = self.get(path)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, dict):
                raise self.malformed(path, item, "a block")
        return tuple(Block(self.resource, item, self.where(f"{path}[{index}]")) for index, item in enumerate(items))

    def block(self, path: str) -> "Block | None":
        """The only block of that name, or None."""
        found = self.blocks(path)
        if len(found) > 1:
            raise self.malformed(path, f"{len(found)} blocks", "one block")
        return found[0] if found else None

    def spread(self, path: str) -> Iterator[Any]:
        """Every value that the path leads to, through any number of blocks: `load_balancer.target_group_arn`."""
        yield from self._spread(self.values, path_steps(path), path)

    def evaluate(self, path: str, template: str) -> str:
        """The template as literal text; UnresolvedError when an expression in it cannot be known from here."""
        try:
            split = parts(template)
        except TemplateError as error:
            raise self.malformed(path, template, f"a whole template ({error})") from error
        literal: list[str] = []
        for part in split:
            known = part if isinstance(part, str) else self._known(part)
            if known is None:
                raise self.unresolved(path, template, "a literal, or a reference to one")
            literal.append(known)
        return "".join(literal)

    def _known(self, expression: Expression) -> str | None:
        reference = None if expression.directive else single_reference(f"${{{expression.text}}}")
        return self.scope.literal(reference) if reference else None

    def _step(self, value: Any, step: str | int, path: str) -> Any:
        value = self._fill(path, value)
        if isinstance(step, int):
            if isinstance(value, dict) and step == 0:
                return value
            if not isinstance(value, list):
                raise self.malformed(path, value, "a list")
            return self._fill(path, value[step]) if step < len(value) else None
        if isinstance(value, list):
            if not value:
                return None
            if len(value) > 1:
                raise self.malformed(path, f"{len(value)} items", "one block")
            value = self._fill(path, value[0])
        if value is None:
            return None
        if not isinstance(value, dict):
            if isinstance(value, str) and "${" in value:
                raise self.unresolved(path, value)
            raise self.malformed(path, value, "a block or a map")
        if step not in value and "dynamic" in value and _makes(value["dynamic"], step):
            raise self.unresolved(path, f"dynamic {step}", "blocks that are written out")
        return self._fill(path, value.get(step))

    def _fill(self, path: str, value: Any) -> Any:
        """Locals and variables replaced by what they hold, where the whole value is one of them."""
        if isinstance(value, str) and value.startswith(("${local.", "${var.")):
            return self.scope.filled(value, lambda: self.unresolved(path, value))
        return value

    def _spread(self, value: Any, steps: tuple[str | int, ...], path: str) -> Iterator[Any]:
        value = self._fill(path, value)
        if isinstance(value, list) and (not steps or isinstance(steps[0], str)):
            for item in value:
                yield from self._spread(item, steps, path)
        elif value is not None and steps:
            yield from self._spread(self._step(value, steps[0], path), steps[1:], path)
        elif value is not None:
            yield value

    @staticmethod
    def _as_number(text: str) -> float | int | str:
        try:
            return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text) else float(text)
        except ValueError:
            return text


def _makes(dynamic: Any, name: str) -> bool:
    """Whether `dynamic` blocks, which only Terraform can unfold, make blocks of that name."""
    items = dynamic if isinstance(dynamic, list) else [dynamic]
    return any(not isinstance(item, dict) or name in item for item in items)


class Block(Values):
    """A nested block, or a decoded object, that remembers the resource and the path it stands at."""

    __slots__ = ("_resource", "path", "scope", "values")

    def __init__(self, resource: "Resource", values: Mapping[str, Any], path: str) -> None:
        self._resource = resource
        self.values = values
        self.path = path
        self.scope = resource.scope

    @property
    def resource(self) -> "Resource":
        return self._resource

    def __repr__(self) -> str:
        return f"Block({self._resource.address}, {self.path})"
