"""What a live check is, and the list of all of them."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from delivery.checks.live import Live
from policies.spec import Spec

Problems = Iterator[str]


@dataclass(frozen=True)
class Check:
    """One question to AWS. `run` yields a sentence for each way in which the answer is not what the spec states.

    about: the part of the spec that it is about, "" for what every spec states
    """

    name: str
    title: str
    clauses: tuple[str, ...]
    run: Callable[[Live], Problems]
    about: str = ""

    def concerns(self, spec: Spec) -> bool:
        """Whether the spec states anything about it."""
        return not self.about or spec.states(self.about)


@dataclass(frozen=True)
class CheckResult:
    """The problems one check found; none means that it passed."""

    check: Check
    problems: tuple[str, ...]


_CHECKS: list[Check] = []


def check(*clauses: str, about: str = "") -> Callable[[Callable[[Live], Problems]], Callable[[Live], Problems]]:
    """Register a function as the live check of these clauses; its docstring is the title."""

    def register(function: Callable[[Live], Problems]) -> Callable[[Live], Problems]:
        title = (function.__doc__ or "").strip().splitlines()[0]
        _CHECKS.append(Check(function.__name__.replace("_", "-"), title, clauses, function, about))
        return function

    return register


def all_checks() -> tuple[Check, ...]:
    """Every check of this package, in a fixed order."""
    package = importlib.import_module("delivery.checks")
    for module in pkgutil.iter_modules(package.__path__, "delivery.checks."):
        importlib.import_module(module.name)
    return tuple(sorted(set(_CHECKS), key=lambda item: (item.clauses, item.name)))


def run_checks(live: Live) -> tuple[CheckResult, ...]:
    """Ask AWS everything that the spec states something about.

    A check that cannot get its answer has a problem: what could not be read is not passed.
    """
    return tuple(CheckResult(item, _problems(item, live)) for item in all_checks() if item.concerns(live.spec))


def _problems(item: Check, live: Live) -> tuple[str, ...]:
    try:
        return tuple(item.run(live))
    except Exception as error:  # an answer that lacks what every answer has, a call that AWS refuses
        return (f"could not be answered: {type(error).__name__}: {error}",)


def differs(what: str, found: object, expected: object) -> Problems:
    """A sentence when two values differ."""
    if found != expected:
        yield f"{what} is {found!r}, expected {expected!r}"
