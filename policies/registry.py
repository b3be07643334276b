"""Finds the rules: every file of policies/rules/<area>/ is one, and a file that does not load breaks the gate."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

import policies.rules
from policies.errors import GateError
from policies.graph import Graph
from policies.mutant import Mutant
from policies.rule import Finding, Rule
from policies.spec import Spec

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
    """Rule modules: those in a subpackage whose name does not begin with an underscore (shared code does)."""
    names = []
    for item in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=_broken_package):
        if not item.ispkg and not item.name.rpartition(".")[2].startswith("_"):
            names.append(item.name)
    return sorted(names)


def _broken_package(name: str) -> None:
    raise GateError("a folder of rules does not load", name)


def _load(name: str) -> LoadedRule:
    try:
        module: Any = importlib.import_module(name)
        rule, mutants = module.RULE, tuple(module.MUTANTS)
    except Exception as error:
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
