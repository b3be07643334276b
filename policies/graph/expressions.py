"""Values written as expressions: `jsonencode([{ "name" = "api", image = aws_x.y.url }])` to Python values.

The subset: objects, lists, quoted templates, numbers, true, false, null. Anything else (calls, operators, loops,
conditionals, traversals) stays an expression, as the template `${...}`, for the reader to follow or refuse.
"""

import re
from typing import Any

from policies.graph.templates import TemplateError, end_of_string, escape

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DEEPEST = 200


class ExpressionError(ValueError):
    """The text is no expression of the language."""


def evaluate_expression(text: str) -> Any:
    """The value of an expression, with what cannot be evaluated left as `${...}`. ExpressionError when it is broken."""
    parser = _Parser(text)
    try:
        value = parser.value("", 0)
        parser.space()
    except (TemplateError, RecursionError) as error:
        raise ExpressionError(str(error)) from error
    if parser.at != len(text):
        raise ExpressionError(f"unexpected {text[parser.at : parser.at + 20]!r}")
    return value


def call_argument(expression: str, function: str) -> str | None:
    """The text between the brackets of `function(...)`, when the expression is exactly that call."""
    match = re.match(rf"\s*{function}\s*\(", expression)
    if match is None:
        return None
    end = _closing(expression, match.end(), ")")
    return expression[match.end() : end].strip().rstrip(",") if not expression[end + 1 :].strip() else None


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def value(self, ends: str, depth: int) -> Any:
        """The value here; it must be followed by one of `ends`, or by the end of the text when there are none."""
        if depth > _DEEPEST:
            raise ExpressionError("nesting deeper than anything real")
        self.space()
        start = self.at
        found = self._primary(depth)
        if found is not None and self._finished(ends):
            return found[0]
        self.at = _closing(self.text, start, ends) if ends else len(self.text)
        raw = self.text[start : self.at].strip()
        if not raw:
            raise ExpressionError("an expression is missing")
        return f"${{{raw}}}"

    def _finished(self, ends: str) -> bool:
        after = self.at
        self.space()
        rest = self.text[self.at : self.at + 1]
        if not rest or rest in ends or ("\n" in ends and "\n" in self.text[after : self.at]):
            return not (ends and not rest)
        return False

    def _primary(self, depth: int) -> tuple[Any] | None:
        """The literal here as a 1-tuple; None when it is something else."""
        character = self.text[self.at : self.at + 1]
        if character == '"':
            return (self._quoted(),)
        if character in ("{", "["):
            if re.compile(r"[\[{]\s*for\b").match(self.text, self.at):
                return None
            return (self._object(depth),) if character == "{" else (self._list(depth),)
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            digits = number.group()
            return (int(digits) if re.fullmatch(r"-?\d{1,18}", digits) else float(digits),)
        if (word := _WORD.match(self.text, self.at)) and word.group() in _CONSTANTS:
            self.at = word.end()
            return (_CONSTANTS[word.group()],)
        return None

    def _quoted(self) -> str:
        """A quoted template as a template: escapes undone outside `${...}`, kept inside."""
        end = end_of_string(self.text, self.at)
        inside = self.text[self.at + 1 : end - 1]
        self.at = end
        return unquote(inside)

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        self.at += 1
        self.space()
        while not self._take("]"):
            items.append(self.value(",]", depth + 1))
            self.space()
            if not self._take(",") and not self.text.startswith("]", self.at):
                raise ExpressionError(f"a list without its `]` at {self.text[self.at : self.at + 20]!r}")
            self.space()
        return items

    def _object(self, depth: int) -> dict[str, Any]:
        table: dict[str, Any] = {}
        self.at += 1
        self.space()
        while not self._take("}"):
            key = self._key()
            if key in table:
                raise ExpressionError(f"the key {key!r} twice in one object")
            table[key] = self.value(",}\n", depth + 1)
            self.space()
            self._take(",")
            self.space()
            if self.at >= len(self.text):
                raise ExpressionError("an object without its `}`")
        return table

    def _key(self) -> str:
        if self.text.startswith('"', self.at):
            key = self._quoted()
        elif word := _WORD.match(self.text, self.at):
            self.at = word.end()
            key = word.group()
        else:
            raise ExpressionError(f"a key is missing at {self.text[self.at : self.at + 20]!r}")
        self.space()
        if not self._take("=") and not self._take(":"):
            raise ExpressionError(f"`=` is missing after the key {key!r}")
        return key

    def _take(self, character: str) -> bool:
        if self.text.startswith(character, self.at):
            self.at += 1
            return True
        return False


def unquote(inside: str) -> str:
    """The inside of a quoted string as a template."""
    out: list[str] = []
    position = 0
    while position < len(inside):
        if inside.startswith(("$${", "%%{"), position):
            out.append(inside[position : position + 3])
            position += 3
        elif inside.startswith(("${", "%{"), position):
            end = _closing(inside, position + 2, "}") + 1
            out.append(inside[position:end])
            position = end
        elif inside[position] == "\\":
            literal, position = _escaped(inside, position + 1)
            out.append(literal)
        else:
            out.append(inside[position])
            position += 1
    return "".join(out)


def _escaped(inside: str, position: int) -> tuple[str, int]:
    character = inside[position : position + 1]
    if character in ("u", "U"):
        digits = inside[position + 1 : position + (5 if character == "u" else 9)]
        try:
            return escape(chr(int(digits, 16))), position + 1 + len(digits)
        except (ValueError, OverflowError) as error:
            raise ExpressionError(f"a broken escape \\{character}{digits}") from error
    if character not in _ESCAPES:
        raise ExpressionError(f"an unknown escape \\{character}")
    return _ESCAPES[character], position + 1


def _closing(text: str, position: int, ends: str) -> int:
    """The index of the first of `ends` outside of strings and brackets, from `position` on."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    open_brackets: list[str] = []
    while position < len(text):
        character = text[position]
        if character == '"':
            position = end_of_string(text, position)
            continue
        if not open_brackets and character in ends:
            return position
        if character in pairs:
            open_brackets.append(pairs[character])
        elif open_brackets and character == open_brackets[-1]:
            open_brackets.pop()
        position += 1
    raise ExpressionError(f"`{ends.strip() or 'the end'}` is missing")
