"""How two values of an attribute differ, leaf by leaf. Pure.

Items of lists are matched by what names them, because a set has no order; JSON texts are read, because one word of a
policy is the difference and not the whole document. What Terraform marks as sensitive is never looked into; a
write-only argument is null in every plan and state.
Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from delivery.terraform.values import Json, Marker, Side, canonical, is_marked, same, shown

# What names an item of a list of blocks or objects, the first that all of them have.
_NAMES = ("arn", "Sid", "name", "id", "key", "containerPort")


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


def differences(change: Mapping[str, Json]) -> Iterator[Difference]:
    """Of one `change` of a shown plan, in the order of their paths; nothing for what is created or deleted."""
    before, after, unknown = (change.get(key) for key in ("before", "after", "after_unknown"))
    if before is not None and (after is not None or unknown):
        old, new = (
            Side(before, change.get("before_sensitive")),
            Side(after or {}, change.get("after_sensitive"), unknown),
        )
        yield from _compared(old, new, "")


def _compared(before: Side, after: Side, path: str) -> Iterator[Difference]:
    if before.sensitive is True or after.sensitive is True:
        if after.unknown or not same(before.value, after.value):
            yield Difference(path, Marker.SENSITIVE, Marker.SENSITIVE)
    elif after.unknown is True:
        yield Difference(path, before.known, Marker.UNKNOWN)
    elif isinstance(before.value, dict) and isinstance(after.value, dict):
        for key in sorted({*before.value, *after.value, *after.unknown_keys}):
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
    there = Counter(canonical(side.value) for side in after if not is_marked(side.unknown))
    twins = there & Counter(canonical(side.value) for side in before)
    return _minus(before, Counter(twins)), _minus(after, Counter(twins))


def _minus(sides: list[Side], twins: Counter[str]) -> Indexed:
    found = {}
    for index, side in enumerate(sides):
        key = canonical(side.value)
        if twins[key] and not is_marked(side.unknown):
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
