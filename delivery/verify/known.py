"""What Terraform knows of a stack: the managed resources of a shown state, by type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """Attributes of the resources in a state, by the provider's type.

    Data sources are left out: what a stack only reads belongs to somebody else, and is judged there.
    """

    by_type: Mapping[str, tuple[Attributes, ...]] = field(default_factory=dict)

    def of(self, *types: str) -> tuple[Attributes, ...]:
        """The resources of these types."""
        return tuple(item for each in types for item in self.by_type.get(each, ()))

    def values(self, attribute: str, *types: str) -> list[str]:
        """What an attribute says in the resources of these types, each value once and in order."""
        return list(dict.fromkeys(str(item[attribute]) for item in self.of(*types) if item.get(attribute)))


def known_of(shown_state: Mapping[str, Any]) -> Known:
    """Read `terraform show -json` of a state (or the `prior_state` of a plan), child modules included.

    GateError of policies when it is not of that form.
    """
    from policies.graph.evaluated import shown_resources

    by_type: dict[str, list[Attributes]] = {}
    module = (shown_state.get("values") or {}).get("root_module", {})
    for item in shown_resources(module, Path("state")):
        if item.mode == "resource":
            by_type.setdefault(item.type, []).append(item.values)
    return Known({each: tuple(items) for each, items in by_type.items()})


def listed(value: Any) -> Iterator[Any]:
    """The items of what may be a list, one thing, or nothing."""
    if isinstance(value, list):
        yield from value
    elif value not in (None, ""):
        yield value
