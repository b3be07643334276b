"""Specs: what a platform must be, in numbers and names, as data that security owns."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.errors import GateError
from policies.graph.values import path_steps
from policies.yaml_file import read_checked_yaml

SPEC_FOLDER = Path(__file__).parent / "specs"
SCHEMA = SPEC_FOLDER / "spec.schema.json"


class SpecLacksError(Exception):
    """A rule asks the spec for something that it does not state."""


@dataclass(frozen=True)
class Spec:
    """A loaded spec. `values` has been checked against specs/spec.schema.json, so types need no second check.

    rules: `all` of the platforms; `baseline` for a spec that states nothing and holds only rules for any ECS Fargate
    stack; or the ids of the rules that it holds
    """

    name: str
    platform: str
    rules: str | tuple[str, ...]
    values: Mapping[str, Any]

    def get(self, path: str) -> Any:
        """What the spec states at a dotted path, `task.cpu_units`; SpecLacksError when it states nothing there."""
        value: Any = self.values
        for step in path_steps(path):
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                raise SpecLacksError(f"spec {self.name} states nothing at {path}") from None
        return value

    def states(self, path: str) -> bool:
        """Whether the spec says anything at a dotted path."""
        try:
            self.get(path)
        except SpecLacksError:
            return False
        return True


def spec_names(folder: Path = SPEC_FOLDER) -> tuple[str, ...]:
    """The specs there are."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_spec(name: str, folder: Path = SPEC_FOLDER) -> Spec:
    """The spec of that name, checked. GateError when there is none or it breaks its schema."""
    if name not in spec_names(folder):
        raise GateError("unknown spec", found=repr(name), allowed=", ".join(spec_names(folder)))
    path = folder / f"{name}.yaml"
    values = read_checked_yaml(path, json.loads(SCHEMA.read_text(encoding="utf-8")))
    if values["spec"] != name:
        raise GateError("a spec does not bear the name of its file", str(path), found=values["spec"], allowed=name)
    rules = values.get("rules", "all")
    return Spec(name, values.get("platform", ""), rules if isinstance(rules, str) else tuple(rules), values)


def spec_for_stack(stack: str, source: str, folder: Path = SPEC_FOLDER) -> Spec:
    """The spec whose platform is the first part of the stack's name, `payments` of `payments-production-pr42`."""
    platform = stack.partition("-")[0]
    for name in spec_names(folder):
        spec = load_spec(name, folder)
        if platform and spec.platform == platform:
            return spec
    raise GateError(
        "no spec belongs to this stack" if stack else "the source does not say which stack it is",
        source,
        found=stack,
        allowed=", ".join(spec_names(folder)),
        remedy="Name the spec with --spec; `baseline` fits any ECS Fargate stack.",
    )
