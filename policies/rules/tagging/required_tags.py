"""Every resource that can have tags has those of the spec."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, MalformedError, Resource
from policies.graph.arns import spelled_out
from policies.mutant import Mutant, add, drop, put
from policies.reference.types import types
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="required-tags",
    title="Resource carries every tag of the spec with the value of the spec",
    severity=Severity.MEDIUM,
    clauses=("P.10.1", "P.10.2", "P.10.3", "G.9.4"),
    pci_dss=(),
    rationale="Costs, ownership and access are sorted by tags; a resource without them belongs to nobody until the "
    "bill comes.",
    remediation="Set the tags once, in default_tags of the provider; remove tags of a resource that override them.",
    source=Source("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html", "2026-11-22"),
    applies_to=("aws_*",),
)


def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per tag. A type is taggable when the provider's schema has `tags`; default tags count."""
    known = types()
    if resource.type not in known.taggable and (resource.type in known.all or not resource.has("tags")):
        if resource.type not in known.all:
            message = f"{resource.type} is no type that the reference data of {known.made} knows"
            yield finding(resource, "tags", resource.type, "a type of which it is known whether it has tags", message)
        return
    tags = resource.tags
    for name, value in spec.get("tags").items():
        found = _value(resource, name, tags.get(name), graph)
        if found != value:
            yield finding(resource, f"tags.{name}", found, value)


def _value(resource: Resource, name: str, found: Any, graph: Graph) -> str | None:
    if found is None or isinstance(found, str):
        return found and spelled_out(resource, f"tags.{name}", found, graph)
    raise MalformedError(resource.address, f"tags.{name}", found, "a text")


CLUSTER, PROVIDER, VPC = "aws_ecs_cluster.main", "provider.aws", "aws_vpc.main"
SUFFIX = ("suffix-tag",)  # without defaults the tag that holds the suffix is gone too
QUEUE = {"name": "sqs-queue-retries-production-pr42"}


def second_provider(document: dict[str, Any]) -> None:
    """A provider of the same region without default tags, for one resource."""
    document["provider"]["aws"].append({"alias": "bare", "region": "us-east-1"})
    document["resource"]["aws_ecs_cluster"]["main"]["provider"] = "aws.bare"


MUTANTS = (
    Mutant("an override", put(CLUSTER, "tags", {"Environment": "staging"}), at=CLUSTER),
    Mutant("an empty override", put(CLUSTER, "tags", {"Team": ""}), at=CLUSTER),
    Mutant("a wrong default", put(PROVIDER, "[0].default_tags[0].tags.CostCenter", "sales"), at=VPC),
    Mutant("a missing default", drop(PROVIDER, "[0].default_tags[0].tags.Team"), at=VPC),
    Mutant("no defaults", drop(PROVIDER, "[0].default_tags"), at=VPC, also=SUFFIX),
    Mutant(
        "another spelling",
        put(PROVIDER, "[0].default_tags", {"tags": {"environment": "production"}}),
        at=VPC,
        also=SUFFIX,
    ),
    Mutant("a provider without defaults", second_provider, at=CLUSTER, also=SUFFIX),
    Mutant(
        "a new resource with tags of its own",
        add("aws_sqs_queue.retries", {**QUEUE, "tags": {"CostCenter": "Engineering"}}),
        at="aws_sqs_queue.retries",
    ),
    Mutant("a type that nobody has heard of", add("aws_brand_new.x", {}), at="aws_brand_new.x"),
)
