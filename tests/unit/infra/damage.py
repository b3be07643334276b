"""Small damages to a stack, written beside the test that must notice them; test_damages.py applies each one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., None])
DAMAGES = "damages"

_TREES = ("data", "ephemeral", "provider", "output", "terraform")
_COMMENT = "COMMENT"  # stands for the key "//" in a path


@dataclass(frozen=True)
class Damage:
    """Edits what stands at `path` of the stack: `edit(container, key)`. JSON strings on the way are opened."""

    path: str
    what: str
    edit: Callable[[Any, Any], None]

    def __str__(self) -> str:
        return f"{self.path} {self.what}"

    def apply(self, document: dict[str, Any]) -> None:
        """Change the document in place."""
        steps: list[Any] = [
            int(step) if step.isdigit() else "//" if step == _COMMENT else step for step in self.path.split("/")
        ]
        if steps[0] not in _TREES:
            steps.insert(0, "resource")
        _descend(document, steps, self.edit)


def change(path: str, to: Any) -> Damage:
    """Another value at `type/name/argument/...`, which must be there and differ."""

    def edit(container: Any, key: Any) -> None:
        if container[key] == to:
            raise ValueError(f"{path} is {to!r} already")
        container[key] = to

    return Damage(path, f"= {to}", edit)


def drop(path: str) -> Damage:
    """Remove what stands at the path."""

    def edit(container: Any, key: Any) -> None:
        del container[key]

    return Damage(path, "dropped", edit)


def without(path: str, item: Any) -> Damage:
    """Take one item out of a list."""

    def edit(container: Any, key: Any) -> None:
        container[key].remove(item)

    return Damage(path, f"without {item}", edit)


def add(path: str, value: Any) -> Damage:
    """Put a value where nothing stood; the last step `+` appends to a list."""

    def edit(container: Any, key: Any) -> None:
        if key == "+":
            container.append(value)
        elif key in container:
            raise ValueError(f"{path} is there already")
        else:
            container[key] = value

    return Damage(path, f"added {value}", edit)


def red_when(*damages: Damage) -> Callable[[Test], Test]:
    """Declare that a test of `stack` fails on each of these damages."""

    def attach(test: Test) -> Test:
        setattr(test, DAMAGES, damages)
        return test

    return attach


def _descend(container: Any, steps: list[Any], edit: Callable[[Any, Any], None]) -> None:
    step, rest = steps[0], steps[1:]
    if not rest:
        edit(container, step)
    elif isinstance(container, dict) and step not in container and rest:
        container[step] = {}  # the first resource of its type
        _descend(container[step], rest, edit)
    elif isinstance(container[step], str):
        opened = json.loads(container[step])
        _descend(opened, rest, edit)
        container[step] = json.dumps(opened)
    else:
        _descend(container[step], rest, edit)
