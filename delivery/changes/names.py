"""What a text of a policy points at, in words that are the same before and after a plan. Pure."""

import re
from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.templates import Expression, TemplateError, parts, single_reference

# What AWS makes up, and so what may be unknown where it is part of an ARN: `subnet-0123456789abcdef0`.
_MADE_UP = re.compile(r"[a-z]+-[0-9a-f]{8,17}")


class Names:
    """ARNs and ids of the resources of both graphs."""

    def __init__(self, before: Graph, after: Graph) -> None:
        self._arns: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        for graph in (after, before):
            for item in graph.of_type(*graph.kinds):
                arn, made_up = item.values.get("arn"), item.values.get("id")
                if item.mode == "resource" and isinstance(arn, str) and arn.startswith("arn:") and "${" not in arn:
                    self._arns[arn] = f"${{{item.address}.arn}}"
                if item.mode == "resource" and isinstance(made_up, str) and _MADE_UP.fullmatch(made_up):
                    self._ids[made_up] = f"${{{item.address}.id}}"

    def of(self, template: str, graph: Graph) -> str:
        """The text with what is known filled in, and the ARNs and ids of this stack's resources as references."""
        try:
            split = parts(template)
        except TemplateError:
            return template
        return self._referred("".join(_filled(part, graph) for part in split))

    def _referred(self, text: str) -> str:
        for end in self._ends(text):
            if text[:end] in self._arns:
                return self._arns[text[:end]] + text[end:]
        return _MADE_UP.sub(lambda found: self._ids.get(found[0], found[0]), text)

    def _ends(self, text: str) -> Iterator[int]:
        """Where an ARN may end: at the end of the text, or before what is appended to one."""
        if text.startswith("arn:"):
            yield len(text)
            yield from (at for at in range(len(text) - 1, 0, -1) if text[at] in ":/")


def _filled(part: str | Expression, graph: Graph) -> str:
    """A literal as it is; an expression as its value where a resource has it, else as it is written."""
    if isinstance(part, str):
        return part
    reference = None if part.directive else single_reference(f"${{{part.text}}}")
    if reference and reference.head in ("local", "var"):
        known = graph.scope.literal(reference)
        return known if known is not None else f"${{{part.text}}}"
    owners = graph.instances(reference) if reference and len(reference.steps) == 1 else []
    values = {owner.values.get(reference.steps[0]) for owner in owners} if reference and len(owners) == 1 else set()
    value = values.pop() if values else None
    return value if isinstance(value, str) and value and "${" not in value else f"${{{part.text}}}"
