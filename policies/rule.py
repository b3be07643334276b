"""What a rule is: data, and one pure function beside it.

A rule file holds `RULE`, `MUTANTS` and one of

    def check(graph: Graph, spec: Spec) -> Iterable[Finding]
    def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterable[Finding]

`check_each` is called for every resource of `applies_to`; a value it cannot read is an error of that resource only. An
argument that a rule does not need is named `_graph` or `_spec`.
"""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from policies.graph.resource import NOWHERE, Provenance, Resource
from policies.graph.values import Values


class Severity(StrEnum):
    """How much a finding matters; every unwaived finding fails the gate, whatever its severity."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Source:
    """Where the rule's claim can be read: a page, and the day it was checked (ISO date)."""

    url: str
    checked: str


@dataclass(frozen=True)
class Rule:
    """The data of a rule.

    id: a slug, the file's name with hyphens
    title: the compliant condition in one sentence that starts with the resource
    clauses: ids of docs/clauses.yaml that it serves; () for what no clause names
    pci_dss: PCI DSS 4.0.1 requirements it is evidence for; () says none
    applies_to: the types it judges, `data.` before data sources, `provider.aws` for the provider block, `aws_*` for
        every type of the provider
    baseline: whether it makes sense for any ECS Fargate stack; such a rule reads nothing from the spec
    """

    id: str
    title: str
    severity: Severity
    clauses: tuple[str, ...]
    pci_dss: tuple[str, ...]
    rationale: str
    remediation: str
    source: Source
    applies_to: tuple[str, ...]
    baseline: bool = False

    def judges(self, kind: str) -> bool:
        """Whether a type is one of `applies_to`."""
        return any(fnmatchcase(kind, pattern) for pattern in self.applies_to)


@dataclass(frozen=True)
class Finding:
    """A place where the stack is not as a rule wants it; made with `finding` or `absence`."""

    address: str
    attribute: str
    found: Any
    expected: Any
    message: str = ""
    provenance: Provenance = NOWHERE


def finding(place: Values, attribute: str, found: Any, expected: Any, message: str = "") -> Finding:
    """A finding at a resource or at a block inside one; `attribute` is a path as seen from `place`."""
    resource: Resource = place.resource
    return Finding(resource.address, place.where(attribute), found, expected, message, resource.provenance)


def absence(address: str, expected: Any, message: str = "", near: Values | None = None) -> Finding:
    """A finding about a resource that should exist: its type or likely address, and a resource near it."""
    provenance = near.resource.provenance if near is not None else NOWHERE
    return Finding(address, "", "nothing", expected, message, provenance)
