"""A patch and the three ways in which it may change moto."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class StalePatchError(Exception):
    """A patch does not fit the installed moto: what it replaces is gone, or what it adds is there already."""


@dataclass(frozen=True)
class Patch:
    """One gap of moto and what fills it.

    `service` is the boto3 name of the AWS service, `name` a slug unique within it, `gap` one sentence that says what
    plain moto does wrong, `apply` changes the loaded moto; it is called once, before the first request.
    """

    service: str
    name: str
    gap: str
    apply: Callable[[], None]


def add(owner: Any, name: str, member: Any) -> None:
    """Give the class `owner` a method or a default value that moto lacks."""
    if hasattr(owner, name):
        raise StalePatchError(f"{owner.__name__}.{name} exists already: the gap is filled, drop the patch")
    setattr(owner, name, member)


def wrap(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    """Replace `owner.name` by `wrapper`, which gets the original as its first argument."""
    _require(owner, name)
    original = getattr(owner, name)

    @functools.wraps(original)
    def replacement(*arguments: Any, **keywords: Any) -> Any:
        return wrapper(original, *arguments, **keywords)

    static = isinstance(inspect.getattr_static(owner, name), staticmethod)
    setattr(owner, name, staticmethod(replacement) if static else replacement)


def replace(owner: Any, name: str, member: Any) -> None:
    """Replace the method or property `owner.name`; the original is not called."""
    _require(owner, name)
    setattr(owner, name, member)


def _require(owner: Any, name: str) -> None:
    if not hasattr(owner, name):
        raise StalePatchError(f"{owner.__name__}.{name} does not exist: nothing to patch")
