"""The provider is HashiCorp's, for this account and region alone: its block says no more than that."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph
from policies.mutant import Document, Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="provider-as-reviewed",
    title="Provider is hashicorp/aws with a region and default tags, and nothing that leads elsewhere",
    severity=Severity.HIGH,
    clauses=("P.11.2", "G.9.1"),
    pci_dss=("6.3.2", "6.5.1"),
    rationale="A role to assume, a profile, an endpoint or another source makes the same JSON build something else, "
    "somewhere else, with a program that nobody reviewed.",
    remediation="Leave region, default_tags and alias in the provider block; credentials come from the environment.",
    source=Source("https://registry.terraform.io/providers/hashicorp/aws/latest/docs", "2026-11-22"),
    applies_to=("provider.aws",),
)

ARGUMENTS = frozenset({"region", "default_tags", "alias", "ignore_tags"})  # the last is for the rule ignored-tags
SOURCES = ("aws", "hashicorp/aws", "registry.terraform.io/hashicorp/aws")


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per argument too much, and one per provider whose source is another or not stated."""
    for provider in graph.providers:
        for argument in sorted(set(provider.values) - ARGUMENTS - {"//"}):
            yield finding(provider, argument, provider.values[argument], "not there")
        if graph.kind == "json":  # plans and states do not carry the terraform block
            source = _sources(graph).get(provider.type)
            if source not in SOURCES:
                yield finding(provider, "required_providers.source", source, SOURCES[1])


def _sources(graph: Graph) -> dict[str, Any]:
    """Provider name -> source, from every terraform block; what cannot be read is no source."""
    blocks = graph.settings.get("terraform") or {}
    found: dict[str, Any] = {}
    for block in blocks if isinstance(blocks, list) else [blocks]:
        required = block.get("required_providers") if isinstance(block, dict) else None
        for entry in required if isinstance(required, list) else [required]:
            for name, stated in entry.items() if isinstance(entry, dict) else ():
                found[name] = stated.get("source") if isinstance(stated, dict) else None
    return found


def _from_elsewhere(document: Document) -> None:
    document["terraform"]["required_providers"]["aws"]["source"] = "example.com/mirror/aws"


def _from_nowhere(document: Document) -> None:
    del document["terraform"]["required_providers"]


AWS = "provider.aws"
MUTANTS = (
    Mutant("another provider under its name", _from_elsewhere, at=AWS),
    Mutant("no source stated", _from_nowhere, at=AWS),
    Mutant(
        "a role in another account", put(AWS, "assume_role", [{"role_arn": "arn:aws:iam::123456789012:role/x"}]), AWS
    ),
    Mutant("a profile of somebody", put(AWS, "profile", "mine"), at=AWS),
    Mutant("an endpoint of its own", put(AWS, "endpoints", [{"iam": "http://example.com"}]), at=AWS),
)
