"""A change that somebody makes by hand in a deployed stack, as data, and the stack as it is reached for that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.aws import Clients
from delivery.lifecycle.deployment import Deployment
from delivery.verify.unmanaged import NAME as NOT_IN_STATE

Undo = Callable[[], object]
PAYMENTS, GATEWAY = "payments", "gateway"


@dataclass(frozen=True)
class Target:
    """A deployed stack: clients of AWS, and the attributes of its resources by address, as Terraform knows them."""

    deployment: Deployment
    client: Clients
    resources: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, address: str) -> Mapping[str, Any]:
        return self.resources[address]

    def id(self, address: str) -> str:
        return str(self.resources[address]["id"])


@dataclass(frozen=True)
class Change:
    """One change.

    name: what is done, as a sentence would say it. make: does it, and returns what takes it back. rule, at: the rule
    that must be red, and the address where; one that ends with `not-in-state` stands for every index. also: the other
    rules that are red with it, and no others are. unread: the rules that say of something that they cannot judge it,
    because it refers to what is gone.
    """

    platform: str
    name: str
    make: Callable[[Target], Undo]
    rule: str
    at: str
    also: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def red(self) -> frozenset[str]:
        """Every rule that the change turns red."""
        return frozenset((self.rule, *self.also))

    def is_red_in(self, findings: Iterable[tuple[str, str]]) -> bool:
        """Whether the rule is red at the address, among the (rule, address) of findings."""
        return any(rule == self.rule and address.partition("[")[0] == self.at for rule, address in findings)


def unknown(kind: str) -> str:
    """The address, without index, of a thing that is in AWS and not in the state."""
    return f"{kind}.{NOT_IN_STATE}"
