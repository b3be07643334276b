"""The expressions of workflows (`${{ ... }}`), as far as ours use them; anything else is refused, never guessed.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from delivery.errors import UserError

_EMBEDDED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>\|\||&&|==|!=|!|\(|\)))")
_LITERALS = {"true": True, "false": False, "null": None}
STATUS_FUNCTIONS = ("always", "success", "failure", "cancelled")


@dataclass(frozen=True)
class Scope:
    """What an expression may read: contexts by name, and how what it depends on has ended so far."""

    contexts: Mapping[str, Any]
    failed: bool = False
    skipped: bool = False

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        return {
            "always": lambda: True,
            "cancelled": lambda: False,
            "failure": lambda: self.failed,
            "success": lambda: not self.failed and not self.skipped,
            "fromJSON": json.loads,
        }


def evaluate(expression: str, scope: Scope) -> Any:
    """The value of one expression, without its `${{ }}`."""
    parser = _Parser(_tokens(expression), expression, scope)
    value = parser.either()
    parser.expect_end()
    return value


def fill_in(template: object, scope: Scope) -> Any:
    """A value of YAML with its expressions replaced; one that is an expression as a whole keeps its type."""
    if not isinstance(template, str):
        return template
    if whole := _EMBEDDED.fullmatch(template.strip()):
        return evaluate(whole.group(1), scope)
    return _EMBEDDED.sub(lambda match: as_text(evaluate(match.group(1), scope)), template)


def holds(condition: str | None, scope: Scope) -> bool:
    """Whether an `if:` lets its job or step run. Without a status function it also asks for success()."""
    if condition is None:
        return bool(scope.functions["success"]())
    whole = _EMBEDDED.fullmatch(condition.strip())
    expression = whole.group(1) if whole else condition
    named = any(re.search(rf"\b{name}\(", expression) for name in STATUS_FUNCTIONS)
    return bool(evaluate(expression, scope)) and (named or bool(scope.functions["success"]()))


def as_text(value: object) -> str:
    """A value as GitHub writes it into a string."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tokens(expression: str) -> list[str]:
    found, position, text = [], 0, expression.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise UserError("the dry run cannot read this expression", found=expression.strip())
        found.append(match.group().strip())
        position = match.end()
    return found


@dataclass
class _Parser:
    """Recursive descent, one method per precedence: || is weakest, then &&, == and !=, !."""

    tokens: list[str]
    source: str
    scope: Scope
    position: int = field(default=0)

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.comparison()
        while self.take("&&"):
            other = self.comparison()
            value = value and other
        return value

    def comparison(self) -> Any:
        value = self.inverted()
        while sign := (self.take("==") or self.take("!=")):
            value = _same(value, self.inverted()) is (sign == "==")
        return value

    def inverted(self) -> Any:
        return not self.inverted() if self.take("!") else self.primary()

    def primary(self) -> Any:
        word = self.next()
        if word == "(":
            value = self.either()
            self.expect(")")
            return value
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        return self.call(word) if self.take("(") else self.look_up(word)

    def call(self, name: str) -> Any:
        function = self.scope.functions.get(name)
        if function is None:
            raise self.refusal(f"no function {name} here")
        arguments = [] if self.peek() == ")" else [self.either()]
        self.expect(")")
        return function(*arguments)

    def look_up(self, path: str) -> Any:
        if path in _LITERALS:
            return _LITERALS[path]
        first, *rest = path.split(".")
        if first not in self.scope.contexts:
            raise self.refusal(f"no context {first} here")
        value = self.scope.contexts[first]
        for name in rest:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        if not token:
            raise self.refusal("it ends too early")
        self.position += 1
        return token

    def take(self, token: str) -> str:
        if self.peek() != token:
            return ""
        self.position += 1
        return token

    def expect(self, token: str) -> None:
        if self.next() != token:
            raise self.refusal(f"{token} is missing")

    def expect_end(self) -> None:
        if self.peek():
            raise self.refusal(f"{self.peek()} is too much")

    def refusal(self, reason: str) -> UserError:
        return UserError(f"the dry run cannot read this expression: {reason}", found=self.source.strip())


def _same(left: object, right: object) -> bool:
    """GitHub compares strings without regard to case."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return left == right or (as_text(left) == as_text(right) and None in (left, right))
