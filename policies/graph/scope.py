"""What expressions can see: locals, variables and the literal attributes of other resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policies.graph.failures import ReadError, UnresolvedError
from policies.graph.templates import Reference, TemplateError, single_reference

if TYPE_CHECKING:
    from policies.graph.resource import Resource

_MISSING = object()
_DEEPEST = 20  # a chain of locals longer than this is a cycle


@dataclass(slots=True)
class Scope:
    """Filled by a loader while it reads; `declared` maps `aws_subnet.a` to its instances (one, unless counted)."""

    locals: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    declared: dict[str, list["Resource"]] = field(default_factory=dict)
    depth: int = 0
    decoded: dict[str, Any] = field(default_factory=dict)  # JSON texts and what they say, read by many rules

    def filled(self, template: str, failure: Callable[[], UnresolvedError]) -> Any:
        """What a whole-value `${local.x}` or `${var.x}` holds; other templates come back as they are."""
        for _ in range(_DEEPEST):
            try:
                reference = single_reference(template)
            except TemplateError:
                return template
            if reference is None or reference.head not in ("local", "var"):
                return template
            value = self.named(reference)
            if value is _MISSING:
                raise failure()
            if not isinstance(value, str):
                return value
            template = value
        raise failure()

    def named(self, reference: Reference) -> Any:
        """The value of a local, or the default of a variable, with the steps of the reference taken."""
        table = self.locals if reference.head == "local" else self.variables
        return _descend(table.get(reference.name, _MISSING), reference.steps)

    def holds(self, reference: Reference) -> Any:
        """Like `named`, or None where nothing is known."""
        value = self.named(reference)
        return None if value is _MISSING else value

    def literal(self, reference: Reference) -> str | None:
        """The text that a reference evaluates to, where it is written down somewhere; None otherwise."""
        if self.depth >= _DEEPEST:
            return None
        self.depth += 1
        try:
            return self._literal(reference)
        except ReadError:
            return None
        finally:
            self.depth -= 1

    def _literal(self, reference: Reference) -> str | None:
        if reference.head in ("local", "var"):
            value = self.holds(reference)
            if isinstance(value, str):
                return self._anyone().evaluate(reference.text, value) if "{" in value else value
        else:
            value = self._attribute(reference)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, str | int | float) else None

    def _attribute(self, reference: Reference) -> Any:
        instances = self.declared.get(reference.address, [])
        steps = reference.steps
        if steps and steps[0].isdigit() and len(instances) == 1:
            steps = steps[1:]
        if len(instances) != 1 or not steps or "*" in steps:
            return None
        path = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).lstrip(".")
        value = instances[0].get(path)
        return instances[0].text(path) if isinstance(value, str) else value

    def _anyone(self) -> "Resource":
        """Any resource: evaluation of a local needs a scope, not a place."""
        return next(instances[0] for instances in self.declared.values() if instances)


def _descend(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step, _MISSING)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return _MISSING
    return value
