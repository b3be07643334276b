"""Settings documents and texts that somebody or something has damaged."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.property.strategies import Document, deployments

PAYMENTS_TEXT = (Path(__file__).parents[2] / "environments" / "payments.production.yaml").read_text()
PAYMENTS: Document = yaml.safe_load(PAYMENTS_TEXT)
MISTAKES = ("", "no", "10.0.0.0/33", "300.1.1.1/8", "latest", "*", "${x}", "us-east-1z", "a\n", "\u0663", -1, 0, 2**63)
YAML_TOKENS = ("\t", ": ", "- ", "&a ", "*a", "!!int ", "---\n", "{", "'", "#")


def _texts(longest: int) -> st.SearchStrategy[str]:
    """Any characters that YAML allows."""
    return st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=longest)


def any_values() -> st.SearchStrategy[Any]:
    """Anything JSON can hold, with a leaning to what settings files hold by mistake."""
    numbers = st.one_of(st.integers(), st.floats(allow_nan=False))
    scalars = st.one_of(st.none(), st.booleans(), numbers, _texts(12), st.sampled_from(MISTAKES))
    keys = _texts(6)
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
    )


@st.composite
def damaged_documents(draw: st.DrawFn) -> Document:
    """A good document after one to four blows: values replaced, keys dropped, renamed, added, subtrees moved."""
    document = copy.deepcopy(draw(st.one_of(st.just(PAYMENTS), deployments(3).map(lambda each: each.document))))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(document))
        if not places:
            break
        container, key = draw(st.sampled_from(places))
        blow = draw(st.sampled_from(["replace", "nudge", "drop", "rename", "add", "move"]))
        if blow == "replace":
            container[key] = draw(any_values())
        elif blow == "nudge":
            container[key] = draw(_neighbours(container[key]))
        elif blow == "drop":
            del container[key]
        elif blow == "rename" and isinstance(container, dict):
            container[draw(_texts(8))] = container.pop(key)
        elif blow == "add" and isinstance(container, dict):
            container[draw(st.one_of(_texts(8), st.sampled_from(list(PAYMENTS))))] = draw(any_values())
        elif blow == "move":
            source, from_key = draw(st.sampled_from(places))
            container[key] = copy.deepcopy(source[from_key])
    return document


def _neighbours(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same type, so that what is wrong is the meaning rather than the form."""
    if isinstance(value, bool):
        return st.just(not value)
    if isinstance(value, int):
        return st.sampled_from([value - 1, value + 1, value * 2, value // 2, value * 100])
    if isinstance(value, str) and value:
        return st.sampled_from([value * 2, value[:-1], value[1:], value.upper(), value + "-", value.replace("1", "2")])
    if isinstance(value, list) and value:
        return st.sampled_from([value + value, value[:-1], value[::-1]])
    return st.just(value)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or index) of a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """The payments file after a cut, an insertion, a repetition or a swap of lines; or any text at all."""
    text = PAYMENTS_TEXT
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        middle = draw(st.one_of(st.text(max_size=4), st.sampled_from(YAML_TOKENS)))
        text = text[:start] + middle + text[draw(st.sampled_from([start, end])) :]
    return draw(st.sampled_from([text, text[: len(text) // 2]]))
