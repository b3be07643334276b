"""Every resource that can have tags says which environment it belongs to."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.arns import spelled_out
from policies.mutant import Mutant, drop, put
from policies.reference.types import types
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.naming._names import suffix_of
from policies.spec import Spec

RULE = Rule(
    id="suffix-tag",
    title="Resource carries the suffix tag of the spec, with the environment suffix of its stack",
    severity=Severity.MEDIUM,
    clauses=("P.11.4", "G.9.2"),
    pci_dss=(),
    rationale="Whoever cleans up an environment whose state is lost goes by this tag: without it something stays, with "
    "the suffix of another environment something of that one goes.",
    remediation="Set the tag once, in default_tags of the provider; remove tags of a resource that override it.",
    source=Source("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html", "2026-11-26"),
    applies_to=("aws_*",),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per taggable resource with another value, or none. Types nobody knows are required-tags' matter."""
    if not spec.states("suffix_tag"):
        return
    tag, suffix = spec.get("suffix_tag"), suffix_of(graph, spec)
    for resource in graph.resources.values():
        if resource.mode == "resource" and resource.type in types().taggable:
            found = _value(resource, tag, graph)
            if found != suffix:
                yield finding(resource, f"tags.{tag}", found, suffix)


def _value(resource: Resource, tag: str, graph: Graph) -> str | None:
    found = resource.tags.get(tag)
    if found is None or isinstance(found, str):
        return found and spelled_out(resource, f"tags.{tag}", found, graph)
    raise resource.malformed(f"tags.{tag}", found, "a text")


CLUSTER, PROVIDER, VPC = "aws_ecs_cluster.main", "provider.aws", "aws_vpc.main"
DEFAULT = "[0].default_tags[0].tags.EnvironmentSuffix"
MUTANTS = (
    Mutant("of an environment whose suffix begins alike", put(PROVIDER, DEFAULT, "pr4"), at=VPC),
    Mutant("no default", drop(PROVIDER, DEFAULT), at=VPC),
    Mutant("an override", put(CLUSTER, "tags", {"EnvironmentSuffix": "pr421"}), at=CLUSTER),
    Mutant("an empty override", put(CLUSTER, "tags", {"EnvironmentSuffix": ""}), at=CLUSTER),
    Mutant("another spelling", put(CLUSTER, "tags", {"environmentsuffix": "pr42", "EnvironmentSuffix": ""}), CLUSTER),
)
