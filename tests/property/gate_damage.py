"""Terraform JSON that somebody or something has damaged: in its values, or as text."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

WRONG: tuple[Any, ...] = (None, True, -1, 0, 1.5, 10**30, "", "${", "${aws_x.gone.id}", "${local.gone}", "\u0663", "*",
                          [], [[]], [None], {}, {"": {}}, [{"a": 1}, 2], {"for_each": "${x}"})  # fmt: skip
TEXTS = ("", "\x00", "{", "}", "[", '"', ",", ":", "null", "NaN", "1e999", "\\", "\ud800", "\ufeff", '"//":', "${")


def dice(seed: int) -> Random:
    """The same throws for the same seed."""
    return Random(seed)  # noqa: S311  # no secret hangs on it


def damaged_document(good: dict[str, Any], random: Random) -> dict[str, Any]:
    """A copy after one to three blows: keys dropped or renamed, types swapped, values replaced or moved elsewhere."""
    document = copy.deepcopy(good)
    for _ in range(random.randint(1, 3)):
        spots = list(_places(document))
        holder, key = random.choice(spots)
        blow = random.choice(("drop", "rename", "swap", "wrong", "move"))
        if blow == "drop":
            del holder[key]
        elif blow == "rename" and isinstance(holder, dict):
            holder[f"{key}_"] = holder.pop(key)
        elif blow == "swap":
            holder[key] = _other_type(holder[key], random)
        elif blow == "move":
            source, source_key = random.choice(spots)
            holder[key] = copy.deepcopy(source[source_key])
        else:
            holder[key] = copy.deepcopy(random.choice(WRONG))
    return document


def cut(text: bytes, random: Random) -> bytes:
    """The text up to a random byte before its last bracket."""
    return text[: random.randrange(text.rindex(b"}"))]


def garbled(text: bytes, random: Random) -> bytes:
    """The text with a few bytes of it replaced by others."""
    start = random.randrange(len(text))
    end = start + random.choice((0, 1, 1, 2, 40, 4000))
    return text[:start] + random.choice(TEXTS).encode("utf-8", "surrogatepass") + text[end:]


def _other_type(value: Any, random: Random) -> Any:
    """The same content in another form: number as text, block as list, JSON text as what it holds, and back."""
    forms: list[Any] = [[value], {"value": value}, json.dumps(value), str(value)]
    if isinstance(value, list) and value:
        forms += [value[0], dict(enumerate(map(str, value)))]
    if isinstance(value, dict) and value:
        forms += [list(value), list(value.values())]
    if isinstance(value, str):
        forms += [list(value[:5]), len(value), value.encode().hex()]
    return random.choice(forms)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or index) of a document, but those of its comments."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        if key != "//":
            yield value, key
            yield from _places(inner)
