"""Put what an older provider does not know back into a plan or state before it is judged. Pure.

What was pruned for the provider at hand is part of the stack all the same. Plan and state cannot show it, so it is
judged as the JSON says it; everything else is judged as Terraform shows it.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Json = Any
Steps = tuple[str | int, ...]
_REFERENCE = re.compile(r"\$\{([a-z][a-z0-9_]*\.[\w-]+)\.([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Lost:
    """An argument of a resource that pruning took out, and its value as it was written."""

    address: str
    steps: Steps
    value: Json


class AmbiguousError(Exception):
    """What was taken out of one of several blocks cannot be put back: their order may have changed."""


def lost_arguments(whole: Mapping[str, Json], pruned: Mapping[str, Json]) -> list[Lost]:
    """What the resources of one configuration have and those of the other have not."""
    return [
        Lost(f"{kind}.{name}", steps, value)
        for kind, named in (whole.get("resource") or {}).items()
        for name, body in named.items()
        for steps, value in _missing(_arguments(body), _arguments(pruned["resource"][kind][name]))
    ]


def restore_in_plan(shown: Mapping[str, Json], lost: list[Lost]) -> dict[str, Json]:
    """`terraform show -json` of a plan, with each lost argument unknown and its expression as it was written."""
    plan = copy.deepcopy(dict(shown))
    changes = {change["address"]: change["change"] for change in plan.get("resource_changes", [])}
    written = {item["address"]: item for item in plan["configuration"]["root_module"].get("resources", [])}
    values = {item["address"]: item["values"] for item in _resources(plan.get("planned_values", {}))}
    for each in lost:
        if each.address not in values or each.address not in changes:
            continue
        steps = _settled(each, values[each.address])
        unknown = changes[each.address].setdefault("after_unknown", {})
        _plant(unknown, steps, True)
        _plant(written[each.address].setdefault("expressions", {}), steps, {"constant_value": each.value})
    return plan


def restore_in_state(shown: Mapping[str, Json], lost: list[Lost]) -> dict[str, Json]:
    """`terraform show -json` of a state, with each lost argument, its references replaced by what they refer to."""
    state = copy.deepcopy(dict(shown))
    values = {item["address"]: item["values"] for item in _resources(state.get("values", {}))}
    for each in lost:
        if each.address in values:
            _plant(values[each.address], _settled(each, values[each.address]), _resolved(each.value, values))
    return state


def _arguments(body: Json) -> Json:
    """Without `lifecycle`, which is Terraform's own."""
    return {key: value for key, value in body.items() if key != "lifecycle"} if isinstance(body, Mapping) else body


def _missing(whole: Json, pruned: Json, steps: Steps = ()) -> Iterator[tuple[Steps, Json]]:
    if isinstance(whole, Mapping) and isinstance(pruned, Mapping):
        for key, value in whole.items():
            if key not in pruned:
                yield (*steps, key), value
            else:
                yield from _missing(value, pruned[key], (*steps, key))
    elif isinstance(whole, list) and isinstance(pruned, list):
        for index, (one, other) in enumerate(zip(whole, pruned, strict=True)):
            yield from _missing(one, other, (*steps, index))


def _resources(values: Mapping[str, Json]) -> list[dict[str, Json]]:
    resources = (values.get("root_module") or {}).get("resources", [])
    return [item for item in resources if "values" in item]  # a data source that is read later has none


def _settled(each: Lost, values: Json) -> Steps:
    """The way to the argument where blocks are lists, as Terraform shows them; there must be one block at each step."""
    steps: list[str | int] = []
    place: Json = values
    step: Json
    for step in each.steps[:-1]:
        if isinstance(step, str) and isinstance(place, list):
            steps.append(0)
            place = place[0] if place else {}
        if isinstance(place, list) and len(place) != 1:
            raise AmbiguousError(f"{each.address}: {step} of {len(place)} blocks at {'.'.join(map(str, each.steps))}")
        steps.append(step)
        place = place[step] if isinstance(place, list) else (place or {}).get(step)
    if isinstance(place, list) and isinstance(each.steps[-1], str):
        steps.append(0)
    return (*steps, each.steps[-1])


def _plant(holder: Json, steps: Steps, value: Json) -> None:
    """Set a value at the end of a path, making the maps and lists that lead there."""
    for step, following in pairwise(steps):
        empty: Json = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            holder.extend({} for _ in range(step + 1 - len(holder)))
            holder = holder[step]
        else:
            if not isinstance(holder.get(step), (dict, list)):
                holder[step] = empty
            holder = holder[step]
    holder[steps[-1]] = value


def _resolved(value: Json, known: Mapping[str, Mapping[str, Json]]) -> Json:
    if isinstance(value, Mapping):
        return {key: _resolved(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, known) for item in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: str(known.get(found[1], {}).get(found[2], found[0])), value)
    return value
