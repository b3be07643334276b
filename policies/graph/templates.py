"""Terraform templates: literal text with `${...}` in it, and the references that such expressions hold.

Every string of a graph is a template, whatever it was loaded from. Grammar:
https://developer.hashicorp.com/terraform/language/expressions/strings (checked 2026-11-22).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# `aws_subnet.a.id`, `data.aws_region.current.name`, `local.zones[0]`, `aws_subnet.a[*].id`
TRAVERSAL = re.compile(
    r"(?P<head>[A-Za-z_][\w-]*)(?P<rest>(?:\s*\.\s*[A-Za-z_*][\w-]*|\.\d+|\[\s*(?:\d+|\*|\"[^\"$]*\")\s*\])*)"
)
_STEP = re.compile(r"\.\s*([A-Za-z_*][\w-]*|\d+)|\[\s*(\d+|\*|\"[^\"]*\")\s*\]")
_SIMPLE = re.compile(r"\$\{([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[(?:\d+|\*)\])+)\}")
_LOOP_NAMES = re.compile(r"\bfor\s+([A-Za-z_]\w*)(?:\s*,\s*([A-Za-z_]\w*))?\s+in\b")
# Names that begin a traversal and are no resource type.
NOT_RESOURCES = frozenset({"each", "count", "self", "path", "terraform", "true", "false", "null"})


class TemplateError(ValueError):
    """The template ends inside an expression or a quoted string."""


@dataclass(frozen=True, slots=True)
class Expression:
    """The text between `${` and `}`; `directive` for `%{ ... }`."""

    text: str
    directive: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """What an expression points at: `head` is a resource type, `data.<type>`, `local`, `var`, `module` or the like."""

    head: str
    name: str
    steps: tuple[str, ...]  # attribute names, indexes and `*`, in order
    text: str

    @property
    def address(self) -> str:
        return f"{self.head}.{self.name}"


def has_expression(text: str) -> bool:
    """Whether anything in the text has to be evaluated."""
    return ("${" in text or "%{" in text) and any(isinstance(part, Expression) for part in parts(text))


@lru_cache(maxsize=65536)
def parts(text: str) -> tuple[str | Expression, ...]:
    """Literal strings (escapes undone) and expressions, in order. TemplateError when an expression never ends."""
    if "${" not in text and "%{" not in text:
        return (text,) if text else ()
    return tuple(_split(text))


def _split(text: str) -> Iterator[str | Expression]:
    literal: list[str] = []
    position = 0
    while position < len(text):
        two = text[position : position + 2]
        if text.startswith(("$${", "%%{"), position):
            literal.append(text[position + 1 : position + 3])
            position += 3
        elif two in ("${", "%{"):
            end = _closing_brace(text, position + 2)
            if literal:
                yield "".join(literal)
                literal = []
            yield Expression(text[position + 2 : end].strip().strip("~").strip(), directive=two == "%{")
            position = end + 1
        else:
            following = min((at for mark in "$%" if (at := text.find(mark, position + 1)) >= 0), default=len(text))
            literal.append(text[position:following])
            position = following
    if literal:
        yield "".join(literal)


def _closing_brace(text: str, position: int) -> int:
    """Where the expression that starts at `position` ends: the index of its `}`."""
    depth = 0
    while position < len(text):
        character = text[position]
        if character == '"':
            position = end_of_string(text, position)
            continue
        if character == "}":
            if depth == 0:
                return position
            depth -= 1
        elif character == "{":
            depth += 1
        position += 1
    raise TemplateError("an expression `${` without its `}`")


def end_of_string(text: str, position: int) -> int:
    """The index after the closing quote of the quoted string that starts at `position`; templates nest in it."""
    position += 1
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 2
        elif character == '"':
            return position + 1
        elif text.startswith(("$${", "%%{"), position):
            position += 3
        elif character in "$%" and text.startswith("{", position + 1):
            position = _closing_brace(text, position + 2) + 1
        else:
            position += 1
    raise TemplateError("a quoted string without its end")


@lru_cache(maxsize=65536)
def references(text: str) -> tuple[Reference, ...]:
    """Every reference in a template, in order, without repeats. TemplateError when the template is broken."""
    if "{" not in text:
        return ()
    simple = _SIMPLE.fullmatch(text)
    if simple:
        found = _reference(simple.group(1))
        return (found,) if found else ()
    expressions = [part for part in parts(text) if isinstance(part, Expression)]
    return tuple(dict.fromkeys(item for part in expressions for item in expression_references(part.text)))


@lru_cache(maxsize=65536)
def joined(text: str) -> frozenset[Reference]:
    """The references to resources that are only a part of a name: `${aws_s3_bucket.a.id}-old` is another bucket's."""
    if _SIMPLE.fullmatch(text):
        return frozenset()
    split = parts(text)
    found: set[Reference] = set()
    for before, part, after in zip(("", *split), split, (*split[1:], ""), strict=False):
        if isinstance(part, Expression) and (_names_on(before, -1) or _names_on(after, 0)):
            found.update(item for item in expression_references(part.text) if item.head not in ("local", "var"))
    return frozenset(found)


def _names_on(neighbour: str | Expression, end: int) -> bool:
    """Whether a literal text continues a name at this end of it."""
    return isinstance(neighbour, str) and neighbour != "" and (neighbour[end].isalnum() or neighbour[end] in "-_")


def expression_references(expression: str) -> tuple[Reference, ...]:
    """The references of a bare expression, those inside its quoted strings included."""
    code, quoted = _separate_strings(expression)
    loops = {name for match in _LOOP_NAMES.finditer(code) for name in match.groups() if name}
    found = [
        item
        for match in TRAVERSAL.finditer(code)
        if match.group("rest") and match.group("head") not in loops and not _continues(code, match.start())
        if (item := _reference(match.group(0)))
    ]
    return (*found, *(item for text in quoted for item in references(text)))


def is_expression(text: str) -> bool:
    """Whether the template is one expression and nothing else, so that its value may be of any type."""
    if not text.startswith("${"):
        return False
    try:
        split = parts(text)
    except TemplateError:
        return False
    return len(split) == 1 and isinstance(split[0], Expression)


def single_reference(text: str) -> Reference | None:
    """The reference that the whole template consists of, if it consists of one."""
    split = parts(text)
    if len(split) != 1 or not isinstance(split[0], Expression) or split[0].directive:
        return None
    match = TRAVERSAL.fullmatch(split[0].text)
    return _reference(match.group(0)) if match else None


def _continues(code: str, start: int) -> bool:
    """Whether the match is the tail of something else: an attribute of a call, `f(x).name`, or part of a number."""
    return start > 0 and (code[start - 1] in ".)]" or code[start - 1].isalnum())


def _separate_strings(expression: str) -> tuple[str, list[str]]:
    """The code with its quoted strings blanked (index keys stay), and the inside of those strings."""
    code: list[str] = []
    quoted: list[str] = []
    position = 0
    while position < len(expression):
        if expression[position] != '"':
            code.append(expression[position])
            position += 1
            continue
        end = end_of_string(expression, position)
        inside = expression[position + 1 : end - 1]
        code.append(expression[position:end] if _is_index(expression, position, end) and "$" not in inside else '""')
        quoted.append(inside)
        position = end
    return "".join(code), quoted


def _is_index(expression: str, start: int, end: int) -> bool:
    """Whether the quoted string is a key such as `a["x"]`, not an item of a list such as `["x"]`."""
    before = expression[start - 2 : start]
    return (
        len(before) == 2
        and before[1] == "["
        and (before[0].isalnum() or before[0] in "_]")
        and (expression[end : end + 1] == "]")
    )


def _reference(traversal: str) -> Reference | None:
    head, *steps = _steps(traversal)
    if head in NOT_RESOURCES or not steps:
        return None
    if head in ("data", "ephemeral"):
        if len(steps) < 2:
            return None
        head, steps = f"{head}.{steps[0]}", steps[1:]
    elif head == "module":
        return _in_module(steps, traversal)
    elif head not in ("local", "var") and "_" not in head:
        return None  # every resource type holds its provider's name and an underscore; this is a loop variable
    return Reference(head, steps[0], tuple(steps[1:]), traversal)


def _in_module(steps: list[str], traversal: str) -> Reference | None:
    """`module.x.aws_subnet.a.id` as plans name it: the head is `module.x.aws_subnet`; or an output, `module.x.name`."""
    head = f"module.{steps[0]}"
    steps = [step for step in steps[1:] if not step.isdigit()]
    while len(steps) > 2 and steps[0] == "module":
        head, steps = f"{head}.module.{steps[1]}", steps[2:]
    if len(steps) > 2 and steps[0] == "data":
        head, steps = f"{head}.data", steps[1:]
    if len(steps) > 1 and "_" in steps[0]:
        head, steps = f"{head}.{steps[0]}", steps[1:]
    return Reference(head, steps[0], tuple(steps[1:]), traversal) if steps else None


def _steps(traversal: str) -> list[str]:
    match = TRAVERSAL.match(traversal)
    if match is None:
        return [traversal]
    return [match.group("head")] + [(a or b).strip('"') for a, b in _STEP.findall(match.group("rest"))]


def escape(text: str) -> str:
    """A literal text as a template that evaluates to it."""
    return text.replace("${", "$${").replace("%{", "%%{") if "{" in text else text
