"""Whatever can end a call of the function, before or after one of the calls that it makes itself."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.unit.infra.lambdas.secrets_manager import failed

KINDS = ("killed", "refused", "lost")


class Killed(BaseException):
    """The process is gone: out of time or memory. No `except Exception` sees it."""


@dataclass
class Interruption:
    """Before (or after) the call number `at`, counted from 1, the function is killed, or the call ends in an error.

    The errors quote `quoted`, as those of drivers and of AWS may quote what they were given.
    """

    at: int
    after: bool
    kind: str
    quoted: str = ""
    calls: int = 0

    def around(self, thing: Any) -> Any:
        """The same thing with every method call counted, and one of them interrupted."""
        return _Interrupted(thing, self)

    def call(self, method: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls != self.at:
            return method(*args, **kwargs)
        if self.after:
            with suppress(Exception):
                method(*args, **kwargs)
        raise self._end(name)

    def _end(self, name: str) -> BaseException:
        if self.kind == "killed":
            return Killed(name)
        if self.kind == "refused":
            return failed("InternalServiceError", name, f"could not process {self.quoted}")
        return ConnectionError(f"no answer to {self.quoted}")


class _Interrupted:
    def __init__(self, thing: Any, interruption: Interruption) -> None:
        self._thing, self._interruption = thing, interruption

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._thing, name)
        if not callable(method):
            return method
        return lambda *args, **kwargs: self._interruption.call(method, name, *args, **kwargs)
