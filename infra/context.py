"""What every part of the stack is given, and how it adds resources: one way to address, name and tag them."""

from dataclasses import dataclass
from typing import Any, TypeVar

from constructs import Construct

from infra.naming import Names
from infra.settings.model import Settings

ResourceType = TypeVar("ResourceType")


@dataclass(frozen=True)
class Context:
    """Settings, names, and the account and partition known only when Terraform runs (as references)."""

    settings: Settings
    names: Names
    account_id: str
    partition: str
    packages: dict[str, bytes]  # what functions run: name of the zip -> its bytes; written beside the JSON

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource in this account and region, e.g. arn("logs", "log-group:x")."""
        return f"arn:{self.partition}:{service}:{self.settings.region}:{self.account_id}:{resource}"


def place(scope: Construct, kind: type[ResourceType], address: str, **arguments: Any) -> ResourceType:
    """A resource or data source whose Terraform address ends in `address`, readable and not hashed."""
    make: Any = kind
    resource = make(scope, f"{kind.__name__}-{address}", **arguments)
    resource.override_logical_id(address)
    return resource


class Part(Construct):
    """A part of the stack. Its resources have readable addresses (`aws_ecs_service.payment-api`), not hashed ones."""

    def __init__(self, scope: Construct, id_: str, context: Context) -> None:
        super().__init__(scope, id_)
        self.context = context
        self.settings = context.settings

    def add(self, kind: type[ResourceType], address: str, owner: str = "", **arguments: Any) -> ResourceType:
        """Create a resource or data source whose Terraform address ends in `address`.

        owner: the microservice that it belongs to; tags say so where the settings ask for it.
        """
        tags = {**arguments.pop("tags", {}), **self._tags_of(owner)}
        return place(self, kind, address, **arguments, **({"tags": tags} if tags else {}))

    def name(self, kind: str, component: str = "") -> str:
        """The name of a resource by the platform's naming pattern, within its AWS limit."""
        return self.context.names.of(kind, component)

    def _tags_of(self, owner: str) -> dict[str, str]:
        """What is shared has its tag from the provider, like every other required tag."""
        return {self.settings.service_tag: owner} if owner and self.settings.service_tag else {}

    def name_tag(self, kind: str, component: str = "") -> dict[str, str]:
        """Tags of a resource that has no name argument of its own; the required tags come from the provider."""
        return {"Name": self.name(kind, component)}
