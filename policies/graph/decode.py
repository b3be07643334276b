"""JSON inside attributes: container definitions and policies, in every form they are written in."""

import re
from typing import Any

from policies.graph.documents import decode_text
from policies.graph.expressions import ExpressionError, call_argument, evaluate_expression
from policies.graph.templates import Expression, TemplateError, parts
from policies.graph.values import Values

_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")


def decode(place: Values, path: str) -> Any:
    """The decoded value of an attribute; None when it is absent.

    Read are a JSON text, with or without `${...}` in it, and `${jsonencode(...)}`. Texts in the result are templates.
    MalformedError: not JSON. UnresolvedError: any other expression.
    """
    value = place.get(path)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise place.malformed(path, value, "JSON as a text")
    known = place.scope.decoded
    if value not in known:
        known[value] = _decode(place, path, value)
    return known[value]


def _decode(place: Values, path: str, value: str) -> Any:
    try:
        split = parts(value)
    except TemplateError as error:
        raise place.malformed(path, value, f"a whole template ({error})") from error
    if len(split) == 1 and isinstance(split[0], Expression):
        return _encoded(place, path, split[0])
    return _json(place, path, split)


def _encoded(place: Values, path: str, expression: Expression) -> Any:
    try:
        argument = call_argument(expression.text, "jsonencode")
        if argument is None:
            raise place.unresolved(path, f"${{{expression.text}}}", "JSON, or jsonencode(...)")
        value = evaluate_expression(argument)
    except (ExpressionError, TemplateError) as error:
        raise place.malformed(path, f"${{{expression.text}}}", f"an expression that can be read ({error})") from error
    if isinstance(value, str) and value.startswith(("${local.", "${var.")):
        value = place.scope.filled(value, lambda: place.unresolved(path, value))
    if not isinstance(value, list | dict):
        raise place.unresolved(path, f"${{{expression.text}}}", "jsonencode of a list or an object")
    return value


def _json(place: Values, path: str, split: tuple[str | Expression, ...]) -> Any:
    """JSON with expressions in its strings: each stands aside as a mark while the JSON is read."""
    if any(isinstance(part, str) and "\ue000" in part.lower().replace("\\ue000", "\ue000") for part in split):
        raise place.malformed(path, "U+E000", "JSON without this character of no meaning")
    aside: list[str] = []
    marked: list[str] = []
    for part in split:
        if isinstance(part, str):
            marked.append(part)
        else:
            marked.append(_MARK.format(len(aside)))
            aside.append(f"{'%' if part.directive else '$'}{{{part.text}}}")
    return _restore(_read(place, path, "".join(marked)), aside)


def _read(place: Values, path: str, text: str) -> Any:
    try:
        return decode_text(text)
    except ValueError as error:
        raise place.malformed(path, text, f"JSON ({error})") from error


def _restore(value: Any, aside: list[str]) -> Any:
    """The expressions back in their places, and literal `${` escaped, so that every text is a template again."""
    if isinstance(value, str):
        if "{" not in value and "\ue000" not in value:
            return value
        literals = _MARKED.split(value)
        return "".join(
            aside[int(text)] if index % 2 else text.replace("${", "$${").replace("%{", "%%{")
            for index, text in enumerate(literals)
        )
    if isinstance(value, list):
        return [_restore(item, aside) for item in value]
    if isinstance(value, dict):
        return {_restore(key, aside): _restore(item, aside) for key, item in value.items()}
    return value
