"""Finds the rules: every file of policies/rules/<area>/ is one, and a file that does not load breaks the gate."""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import policies.rules
from policies.errors import GateError
from policies.graph import Graph
from policies.mutant import Mutant
from policies.rule import Finding, Rule
from policies.spec import Spec

BOOTSTRAP_AREA = "bootstrap"  # rules about a stack that is kept, which a spec has to list

CheckAll = Callable[[Graph, Spec], Iterable[Finding]]
CheckEach = Callable[..., Iterable[Finding]]


@dataclass(frozen=True)
class LoadedRule:
    """A rule with its function (exactly one of the two) and its mutants."""

    rule: Rule
    mutants: tuple[Mutant, ...]
    module: str
    check: CheckAll | None = None
    check_each: CheckEach | None = None

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def area(self) -> str:
        """The folder of policies/rules that it stands in."""
        return self.module.rpartition(".")[0].rpartition(".")[2]


@lru_cache(maxsize=1)
def all_rules() -> tuple[LoadedRule, ...]:
    """Every rule, by id. GateError when one does not load, is misnamed or says an id twice."""
    found: dict[str, LoadedRule] = {}
    for name in _modules(policies.rules):
        loaded = _load(name)
        if loaded.id in found:
            raise GateError(f"rule {loaded.id} is defined twice", name, found=f"also in {found[loaded.id].module}")
        found[loaded.id] = loaded
    if not found:
        raise GateError("there are no rules", policies.rules.__name__)
    return tuple(found[key] for key in sorted(found))


def _modules(package: ModuleType) -> list[str]:
    """The rule modules: every file in a folder of the package but those with a leading underscore (shared code).

    Files are counted, not packages: a folder without its __init__.py must not take its rules away in silence.
    """
    names = []
    for root in (Path(folder) for folder in package.__path__):
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if not (path.parent / "__init__.py").is_file():
                raise GateError("a folder of rules has no __init__.py", str(path.parent))
            if len(parts) > 1 and not parts[-1].startswith("_"):
                names.append(".".join((package.__name__, *parts)))
    return names


def _load(name: str) -> LoadedRule:
    try:
        module: Any = importlib.import_module(name)
        rule, mutants = module.RULE, tuple(module.MUTANTS)
    except (Exception, SystemExit) as error:  # a module may even exit, with 0 at that
        raise GateError("a rule does not load", name, found=f"{type(error).__name__}: {error}") from error
    check, check_each = getattr(module, "check", None), getattr(module, "check_each", None)
    expected = name.rpartition(".")[2].replace("_", "-")
    if not isinstance(rule, Rule) or rule.id != expected:
        raise GateError(
            "a rule does not bear the name of its file", name, found=getattr(rule, "id", "?"), allowed=expected
        )
    if (check is None) == (check_each is None):
        raise GateError("a rule has not exactly one of check and check_each", name)
    return LoadedRule(rule, mutants, name, check, check_each)
