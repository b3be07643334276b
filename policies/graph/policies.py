"""Every policy of a stack in one form, wherever it stands: of identities, of resources, of roles that are assumed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.graph.failures import ReadError
from policies.graph.graph import Graph
from policies.graph.iam import (
    IDENTITY_POLICIES,
    RESOURCE_POLICIES,
    TRUST_POLICIES,
    Statement,
    resource_policies,
    statements,
)
from policies.graph.resource import Resource
from policies.graph.values import Values

IDENTITY, RESOURCE, TRUST = "identity", "resource", "trust"
_FORMS = ((IDENTITY, IDENTITY_POLICIES), (TRUST, TRUST_POLICIES), (RESOURCE, RESOURCE_POLICIES))

# Policies that stand on the resource they speak of: `*` is that resource, and Resource may be missing.
ON_THEMSELVES = frozenset(
    [
        "aws_ecr_repository_policy",
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_policy",
    ]
)


@dataclass(frozen=True)
class Policy:
    """form: identity (granted to a role), resource (on a resource) or trust (who may assume a role)."""

    form: str
    holder: Values
    path: str
    statements: tuple[Statement, ...]

    @property
    def speaks_of_its_holder(self) -> bool:
        return self.holder.resource.type in ON_THEMSELVES

    @property
    def allows(self) -> tuple[Statement, ...]:
        return tuple(item for item in self.statements if item.allows)


def policies_of(resource: Resource, graph: Graph) -> tuple[Policy, ...]:
    """The policies that a resource carries. Raises ReadError for one that cannot be read."""
    found = graph.once(_index).get(resource.address, ())
    if isinstance(found, ReadError):
        raise found
    return found


def actions_in(statement: Statement) -> tuple[str, ...]:
    """The actions as literal texts, `Action` and `NotAction` apart; UnresolvedError when they cannot be known."""
    return tuple(statement.place.evaluate("Action", action) for action in statement.actions)


def _index(graph: Graph) -> dict[str, tuple[Policy, ...] | ReadError]:
    index: dict[str, tuple[Policy, ...] | ReadError] = {}
    for resource in graph.resources.values():
        try:
            found = tuple(_read(resource, graph)) if resource.mode == "resource" else ()
        except ReadError as failure:
            index[resource.address] = failure
        else:
            if found:
                index[resource.address] = found
    return index


def _read(resource: Resource, graph: Graph) -> Iterator[Policy]:
    listed = set()
    for form, table in _FORMS:
        for holder, path in resource_policies(resource, table):
            listed.add(holder.where(path))
            yield Policy(form, holder, path, statements(holder, path, graph))
    for path in _places_like_a_policy(resource):
        if path not in listed:
            found = statements(resource, path, graph)
            form = RESOURCE if any(item.principals or item.not_principals for item in found) else IDENTITY
            yield Policy(form, resource, path, found)


def _places_like_a_policy(resource: Resource) -> Iterator[str]:
    """Where a policy stands on a type that no table lists."""
    pending: list[tuple[str, Any]] = [(key, value) for key, value in resource.values.items() if key != "//"]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            if _looks_like_a_policy(value):
                yield path
        elif isinstance(value, dict):
            pending.extend((f"{path}.{key}", inner) for key, inner in value.items() if key != "//")
        elif isinstance(value, list):
            pending.extend((f"{path}[{index}]", inner) for index, inner in enumerate(value))


def _looks_like_a_policy(text: str) -> bool:
    if "data.aws_iam_policy_document." in text:
        return text.startswith("${data.")
    return "Statement" in text and text.lstrip().startswith(("{", "${")) and "Effect" in text
