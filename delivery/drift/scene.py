"""The stack around a drifted attribute, as the state has it and as AWS has it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from delivery.terraform.repeats import SHOWN, Place, repeated, repeating_attributes, resources_in, stated
from policies.errors import GateError
from policies.graph import ReadError
from policies.graph.state import load_shown_state

Json = Any


@dataclass(frozen=True)
class Scene:
    """shown: a checked plan that only reads."""

    shown: Mapping[str, Json]

    @property
    def drifted(self) -> list[dict[str, Json]]:
        return list(self.shown.get("resource_drift") or ())

    def of_type(self, kind: str) -> Iterator[dict[str, Json]]:
        """The values of the managed resources of a type, as the state has them: what is judged by must not drift."""
        for address, item in self._found.items():
            if item.get("type") == kind and item.get("mode") == "managed":
                yield self._before.get(address) or item.get("values") or {}

    def is_stated(self, address: str, attribute: str) -> bool:
        """Whether the configuration writes this attribute."""
        return stated(self.shown, address, attribute)

    def repeats(self, place: Place) -> frozenset[int]:
        """The items of an attribute, as AWS has them, that separate resources account for; none where it is unclear."""
        return self._repeats.get(place, frozenset())

    @cached_property
    def strange(self) -> dict[Place, list[tuple[int, Json]]]:
        """Of attributes that nobody writes: the items, by index, that no resource of the state accounts for.

        Also where the state has them by now: the next apply reads whatever it finds.
        """
        found = {}
        for address, item in self._found.items():
            for attribute in repeating_attributes(item.get("type", "")):
                items = (item.get("values") or {}).get(attribute)
                if item.get("mode") == "managed" and isinstance(items, list) and not self.is_stated(address, attribute):
                    said = self.repeats((address, attribute))
                    found[address, attribute] = [(index, one) for index, one in enumerate(items) if index not in said]
        return found

    @cached_property
    def _repeats(self) -> dict[Place, frozenset[int]]:
        try:
            return repeated(load_shown_state({"values": self._values}, SHOWN, None))
        except (ReadError, GateError):
            return {}

    @property
    def _values(self) -> dict[str, Json]:
        return (self.shown.get("prior_state") or {}).get("values") or {}

    @cached_property
    def _found(self) -> dict[str, dict[str, Json]]:
        return {item["address"]: item for item in resources_in(self._values)}

    @cached_property
    def _before(self) -> dict[str, Json]:
        return {item["address"]: item["change"].get("before") for item in self.drifted}
