"""A synthesized stack as these tests read it: raw JSON, references followed by hand, JSON strings decoded.

Written without a look at policies/: two readers that share no code do not share mistakes. What a helper does not find
fails as an assertion with the place, so that a damaged stack turns a test red instead of breaking it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Values = dict[str, Any]
Item = TypeVar("Item")

SERVICES = ("payment-api", "fraud-detection", "notification-service")
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")

_REFERENCE = re.compile(r"\$\{((?:data\.|ephemeral\.)?aws_\w+\.[\w-]+)\.([\w.\[\]-]+)\}")
_MENTION = re.compile(r"(?:data\.|ephemeral\.)?aws_\w+\.[A-Za-z_][\w-]*")


@dataclass(frozen=True)
class Stack:
    """One decoded cdk.tf.json."""

    document: Mapping[str, Any]

    def all(self, kind: str) -> dict[str, Values]:
        """Resources of a Terraform type by logical name; data sources for `data.<type>`, and `ephemeral.` likewise."""
        tree = kind.partition(".")[0] if kind.startswith(("data.", "ephemeral.")) else "resource"
        found: dict[str, Values] = self.document.get(tree, {}).get(kind.removeprefix(f"{tree}."), {})
        return found

    def one(self, kind: str) -> Values:
        """The only resource of a type."""
        found = self.all(kind)
        assert len(found) == 1, f"expected one {kind}, found {sorted(found)}"
        return next(iter(found.values()))

    def resources(self) -> Iterator[tuple[str, Values]]:
        """(address, values) of every resource, data sources left out."""
        for kind in self.document["resource"]:
            yield from ((f"{kind}.{name}", values) for name, values in self.all(kind).items())

    def at(self, address: str) -> Values:
        """The resource or data source at `type.name` or `data.type.name`."""
        kind, _, name = address.rpartition(".")
        assert name in self.all(kind), f"{address} is not declared"
        return self.all(kind)[name]

    def target(self, reference: object, kind: str, attribute: str) -> Values:
        """What `${kind.NAME.attribute}` points at; anything else than such a reference fails."""
        return self.at(self.address(reference, kind, attribute))

    def address(self, reference: object, kind: str, attribute: str) -> str:
        """`kind.NAME` of the reference `${kind.NAME.attribute}`."""
        match = _REFERENCE.fullmatch(str(reference))
        assert match, f"{reference!r} is no reference"
        assert match[1].startswith(f"{kind}."), f"{reference} does not point at {kind}"
        assert match[2] == attribute, f"{reference} is not the {attribute}"
        self.at(match[1])
        return match[1]

    def named(self, kind: str, argument: str, name: str) -> Values:
        """The one resource of a type that bears a name."""
        found = [values for values in self.all(kind).values() if values.get(argument) == name]
        assert len(found) == 1, f"expected one {kind} with {argument} {name}, found {len(found)}"
        return found[0]

    def services(self) -> dict[str, Values]:
        """ECS services by the name of their microservice, which the one container they run bears."""
        every = self.all("aws_ecs_service").values()
        found = {_container(self._task_of(service))["name"]: service for service in every}
        assert len(found) == len(every), "two ECS services run the same microservice"
        return found

    def service(self, name: str) -> Values:
        """The ECS service of a microservice."""
        services = self.services()
        assert name in services, f"no ECS service runs {name}"
        return services[name]

    def task(self, name: str) -> Values:
        """The task definition that the ECS service of a microservice runs."""
        return self._task_of(self.service(name))

    def container(self, name: str) -> Values:
        """The one container of a microservice."""
        return _container(self.task(name))

    def _task_of(self, service: Values) -> Values:
        return self.target(service.get("task_definition"), "aws_ecs_task_definition", "arn")

    def group(self, name: str) -> str:
        """Address of the one security group around the tasks of a microservice."""
        group = only(self.service(name)["network_configuration"]["security_groups"])
        return self.address(group, "aws_security_group", "id")


def _container(task: Values) -> Values:
    containers: list[Values] = json.loads(task["container_definitions"])
    return only(containers)


def only(items: Iterable[Item]) -> Item:
    """The one item there is."""
    found = list(items)
    assert len(found) == 1, f"expected one, found {len(found)}: {found}"
    return found[0]


def statements(policy: str) -> list[Values]:
    """The statements of a policy document, Action and Resource always as lists."""
    found = json.loads(policy)["Statement"]
    assert found, "the policy has no statement"
    return [
        {**entry, **{key: _listed(entry[key]) for key in ("Action", "Resource") if key in entry}} for entry in found
    ]


def policies(stack: Stack) -> Iterator[tuple[str, list[Values]]]:
    """(address, statements) of every IAM policy document in the stack, trust policies included."""
    for address, values in stack.resources():
        if address.startswith("aws_ecr_lifecycle_policy."):  # says which images expire
            continue
        for argument in ("policy", "assume_role_policy"):
            if argument in values:
                yield address, statements(values[argument])


def walk(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of everything below a JSON value, depth first; "//" metadata is left out."""
    yield path, value
    children: Iterator[tuple[object, object]] = iter(())
    if isinstance(value, Mapping):
        children = ((key, child) for key, child in value.items() if key != "//")
    elif isinstance(value, list):
        children = iter(enumerate(value))
    for key, child in children:
        yield from walk(child, f"{path}.{key}" if path else str(key))


def empties(value: object) -> list[str]:
    """Paths of empty blocks and values; an empty S3 prefix is none, it is how a lifecycle rule means every object."""
    found = (path for path, child in walk(value) if child in ({}, [], "", None))
    return [path for path in found if not re.fullmatch(r".*lifecycle_configuration\..*\.filter\.\d+\.prefix", path)]


def mentions(value: object) -> set[str]:
    """Addresses that a value refers to, in `${...}` or in depends_on."""
    found: set[str] = set()
    for path, leaf in walk(value):
        if isinstance(leaf, str):
            texts = [leaf] if ".depends_on." in f".{path}" else re.findall(r"\$\{[^}]*\}", leaf)
            found.update(address for text in texts for address in _MENTION.findall(text))
    return found


def needs(stack: Stack, address: str) -> set[str]:
    """Everything that Terraform creates before `address`, directly or through others."""
    needed: set[str] = set()
    waiting = [address]
    while waiting:
        new = mentions(stack.at(waiting.pop())) - needed
        needed |= new
        waiting += new
    return needed


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
