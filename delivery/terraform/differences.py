"""How two values of an attribute differ, leaf by leaf. Pure.

Items of lists are matched by what names them, because a set has no order; JSON texts are read, because one word of a
policy is the difference and not the whole document. What Terraform marks as sensitive is never looked into; a
write-only argument is null in every plan and state.
Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation (checked 2026-11-26).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

Json = Any
LONGEST_VALUE = 60
# What names an item of a list of blocks or objects, the first that all of them have.
_NAMES = ("arn", "Sid", "name", "id", "key", "containerPort")


class Marker(Enum):
    """What stands for a value that cannot, or may not, be shown."""

    UNKNOWN = "(known after apply)"
    SENSITIVE = "(sensitive)"
    SAME_JSON = "(the same JSON, written otherwise)"


@dataclass(frozen=True)
class Difference:
    """One leaf. path: `default_action[0].weight`, `policy{Statement[ReadSecret].Action}` inside a JSON text.

    before and after: JSON values, None where there is none; of two lists of plain values what only the one has
    """

    path: str
    before: Json
    after: Json

    def __str__(self) -> str:
        if isinstance(self.before, Marker) and self.before is self.after:
            return f"{self.path}: {self.before.value}"
        return f"{self.path}: {shown(self.before)} -> {shown(self.after)}"


def shown(value: Json) -> str:
    """A value on one line of bounded length."""
    if isinstance(value, Marker):
        return value.value
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=lambda marker: marker.value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 3]}..."


def differences(change: Mapping[str, Json]) -> Iterator[Difference]:
    """Of one `change` of a shown plan, in the order of their paths; nothing for what is created or deleted."""
    before, after, unknown = (change.get(key) for key in ("before", "after", "after_unknown"))
    if before is not None and (after is not None or unknown):
        old, new = (
            Side(before, change.get("before_sensitive")),
            Side(after or {}, change.get("after_sensitive"), unknown),
        )
        yield from _compared(old, new, "")


def shown_path(steps: Iterable[str | int]) -> str:
    """`["rule", 0, "id"]` as `rule[0].id`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


@dataclass(frozen=True)
class Side:
    """A value with its marks: true for the whole of it, or maps and lists of them for its parts."""

    value: Json
    sensitive: Json = None
    unknown: Json = None

    @property
    def known(self) -> Json:
        """The value, or what stands for it."""
        if _any(self.sensitive):
            return Marker.SENSITIVE
        return Marker.UNKNOWN if _any(self.unknown) else self.value

    def at(self, step: str | int) -> "Side":
        return Side(_part(self.value, step), _part_of_mark(self.sensitive, step), _part_of_mark(self.unknown, step))

    @property
    def items(self) -> list["Side"]:
        return [self.at(index) for index in range(len(self.value))]


def is_nothing(value: Json) -> bool:
    """Whether a value says nothing: providers write null, "", [] and {} for the same. 0 and false say something."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def same(one: Json, other: Json) -> bool:
    """Whether two JSON values are one; true is not 1."""
    return canonical(one) == canonical(other)


def canonical(value: Json) -> str:
    """A text that equal JSON values share."""
    return json.dumps(value, sort_keys=True, default=lambda marker: marker.value)


def _compared(before: Side, after: Side, path: str) -> Iterator[Difference]:
    if before.sensitive is True or after.sensitive is True:
        if after.unknown or not same(before.value, after.value):
            yield Difference(path, Marker.SENSITIVE, Marker.SENSITIVE)
    elif after.unknown is True:
        yield Difference(path, before.known, Marker.UNKNOWN)
    elif isinstance(before.value, dict) and isinstance(after.value, dict):
        for key in sorted({*before.value, *after.value, *_keys(after.unknown)}):
            yield from _compared(before.at(key), after.at(key), f"{path}.{key}" if path else key)
    elif isinstance(before.value, list) and isinstance(after.value, list):
        yield from _compared_lists(before.items, after.items, path)
    elif after.unknown or not same(before.value, after.value):
        yield from _compared_texts(before, after, path)


def _compared_texts(before: Side, after: Side, path: str) -> Iterator[Difference]:
    """Leaves; two JSON documents in texts are compared as documents."""
    documents = [_document(side.value) for side in (before, after)]
    if None in documents:
        yield Difference(path, before.known, after.known)
        return
    inside = list(_compared(Side(documents[0]), Side(documents[1]), ""))
    for each in inside:
        yield Difference(f"{path}{{{each.path}}}", each.before, each.after)
    if not inside:
        yield Difference(path, Marker.SAME_JSON, Marker.SAME_JSON)


def _compared_lists(before: list[Side], after: list[Side], path: str) -> Iterator[Difference]:
    """What both have goes out first, then items are matched by their names, then in order."""
    if not any(isinstance(side.value, dict | list) for side in (*before, *after)):
        yield from _compared_values(before, after, path)
        return
    old, new = _without_twins(before, after)
    name = _naming(side.value for side in (*old.values(), *new.values()))
    for label, one, other in _matched(old, new, name):
        yield from _compared(one, other, f"{path}[{label}]")


def _compared_values(before: list[Side], after: list[Side], path: str) -> Iterator[Difference]:
    old, new = ([side.known for side in sides] for sides in (before, after))
    if Marker.SENSITIVE in (*old, *new):
        if any(side.unknown for side in after) or not same(_values(before), _values(after)):
            yield Difference(path, Marker.SENSITIVE, Marker.SENSITIVE)
    elif Marker.UNKNOWN in new or not same(old, new):
        gone, come = _only(old, new), _only(new, old)
        yield Difference(path, gone, come) if gone or come else Difference(path, old, new)  # in another order


def _values(sides: list[Side]) -> list[Json]:
    return [side.value for side in sides]


def _only(these: list[Json], those: list[Json]) -> list[Json]:
    """What of a list the other has not, as often as that is so."""
    left = Counter(map(canonical, those))
    found = []
    for item in these:
        left[canonical(item)] -= 1
        if left[canonical(item)] < 0:
            found.append(item)
    return found


Indexed = dict[int, Side]


def _without_twins(before: list[Side], after: list[Side]) -> tuple[Indexed, Indexed]:
    """The items that the other list does not have, by index; one of which a part is unknown has no twin."""
    there = Counter(canonical(side.value) for side in after if not _any(side.unknown))
    twins = there & Counter(canonical(side.value) for side in before)
    return _minus(before, Counter(twins)), _minus(after, Counter(twins))


def _minus(sides: list[Side], twins: Counter[str]) -> Indexed:
    found = {}
    for index, side in enumerate(sides):
        key = canonical(side.value)
        if twins[key] and not _any(side.unknown):
            twins[key] -= 1
        else:
            found[index] = side
    return found


def _matched(old: Indexed, new: Indexed, name: str) -> Iterator[tuple[str, Side, Side]]:
    """(label, before, after) of items that belong together; Side(None) where there is no counterpart."""
    named_old, named_new = (
        {_label(side.value[name]): side for side in sides.values()} if name else {} for sides in (old, new)
    )
    if name and (len(named_old), len(named_new)) == (len(old), len(new)):
        for label in dict.fromkeys([*named_old, *named_new]):
            yield label, named_old.get(label, Side(None)), named_new.get(label, Side(None))
        return
    for one, other in zip_longest(old.items(), new.items()):
        index = (other or one or (0, None))[0]
        yield str(index), one[1] if one else Side(None), other[1] if other else Side(None)


def _naming(items: Iterable[Json]) -> str:
    """The key whose values name the items, "" where nothing does."""
    values = list(items)
    return next((name for name in _NAMES if all(isinstance(v, dict) and _is_name(v.get(name)) for v in values)), "")


def _is_name(value: Json) -> bool:
    return (isinstance(value, str) and value != "") or (isinstance(value, int) and not isinstance(value, bool))


def _label(name: Json) -> str:
    """The name; of an ARN what follows region and account."""
    text = str(name)
    return text.split(":", 5)[5] if text.startswith("arn:") and text.count(":") >= 5 else text


def _document(value: Json) -> Json:
    """The object or list that a text holds as JSON, else None."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _part(value: Json, step: str | int) -> Json:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int):
        return value[step] if step < len(value) else None
    return None


def _part_of_mark(mark: Json, step: str | int) -> Json:
    return True if mark is True else _part(mark, step)


def _keys(mark: Json) -> Iterator[str]:
    """The attributes that a mark says something about."""
    return (key for key, inner in mark.items() if _any(inner)) if isinstance(mark, dict) else iter(())


def _any(mark: Json) -> bool:
    """Whether a mark says yes anywhere in it."""
    if isinstance(mark, dict):
        return any(_any(inner) for inner in mark.values())
    if isinstance(mark, list):
        return any(_any(inner) for inner in mark)
    return mark is True
