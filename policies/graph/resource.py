"""What the graph is made of: resources, frozen, each knowing where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policies.graph.values import Values

if TYPE_CHECKING:
    from policies.graph.scope import Scope


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a resource was written: file as given to the gate, line from 1 (0 when unknown), CDK construct path."""

    file: str = ""
    line: int = 0
    construct_path: str = ""


NOWHERE = Provenance()


@dataclass(frozen=True, eq=False)
class Resource(Values):
    """One resource or data source.

    address: `aws_subnet.a`, `data.aws_region.current`; in plans and states also `module.x.aws_subnet.a[0]`
    mode: `resource`, `data`, `ephemeral`, or `provider` for the blocks of `graph.providers`
    values: the arguments as written, meta-arguments such as `lifecycle` and `count` included
    provider: the provider block it is made with, where the source shows it
    """

    address: str
    mode: str
    type: str
    name: str
    values: Mapping[str, Any]
    scope: "Scope" = field(repr=False)
    provenance: Provenance = field(default_factory=Provenance)
    provider: "Resource | None" = field(default=None, repr=False)
    path: str = field(default="", init=False, repr=False)

    @property
    def resource(self) -> "Resource":
        return self

    @property
    def kind(self) -> str:
        """The type as rules name it: `aws_subnet`, `data.aws_subnet`."""
        return self.type if self.mode == "resource" else f"{self.mode}.{self.type}"

    @cached_property
    def tags(self) -> dict[str, Any]:
        """What AWS will see: the provider's default tags, overridden by the resource's own; values may be templates."""
        own = self.table("tags") if self.has("tags") else {}
        merged = self.table("tags_all") if self.has("tags_all") else {}
        return {**(self.provider.default_tags if self.provider else {}), **merged, **own}

    @cached_property
    def default_tags(self) -> dict[str, Any]:
        """On a provider block: the tags that it gives to every resource it makes."""
        block = self.block("default_tags")
        return block.table("tags") if block else {}
