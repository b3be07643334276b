"""A thing that AWS has in a stack and Terraform does not know, in the form in which a state shows what it knows."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.verify.known import Attributes

NAME = "not-in-state"
PROVIDER = "registry.terraform.io/hashicorp/aws"


@dataclass(frozen=True)
class Unmanaged:
    """type: as the provider calls it; id: by which AWS knows it; values: attributes as the provider names them."""

    type: str
    id: str
    values: Attributes

    @property
    def address(self) -> str:
        """`aws_lb_listener.not-in-state["arn:aws:..."]`, as if it were an instance of one resource."""
        return f'{self.type}.{NAME}["{_plain(self.id)}"]'

    def __str__(self) -> str:
        return f"{self.address} is in AWS and not in the state"


def with_unmanaged(shown_state: Mapping[str, Any], unmanaged: Iterable[Unmanaged]) -> dict[str, Any]:
    """A shown state with these resources added to its root module; the given one stays as it is."""
    state = copy.deepcopy(dict(shown_state))
    module = state.setdefault("values", {}).setdefault("root_module", {})
    module["resources"] = [*module.get("resources", []), *(_shown(each) for each in unmanaged)]
    return state


def _shown(each: Unmanaged) -> dict[str, Any]:
    return {
        "address": each.address,
        "mode": "managed",
        "type": each.type,
        "name": NAME,
        "index": each.id,
        "provider_name": PROVIDER,
        "schema_version": 0,
        "values": dict(each.values),
    }


def _plain(text: str) -> str:
    """Without what would end the index of an address."""
    return text.replace('"', "'")
