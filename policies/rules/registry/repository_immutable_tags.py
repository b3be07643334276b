"""No image of a created repository can be replaced under its tag."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="repository-immutable-tags",
    title="ECR repository that this stack creates has immutable tags, without exceptions",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("6.3.2", "6.5.1"),
    rationale="A tag that can be pushed again turns a scanned image into another one without a word.",
    remediation="Set image_tag_mutability to IMMUTABLE and name no exclusion filters.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html", "2026-11-26"),
    applies_to=("aws_ecr_repository",),
    baseline=True,
)

MUTABILITY, EXCEPTIONS = "image_tag_mutability", "image_tag_mutability_exclusion_filter"


def check_each(repository: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for tags that can move, which is the default, and for filters that let some of them move."""
    found = repository.text(MUTABILITY, "MUTABLE")
    if found != "IMMUTABLE":
        yield finding(repository, MUTABILITY, found, "IMMUTABLE")
    if repository.has(EXCEPTIONS):
        yield finding(repository, EXCEPTIONS, repository.get(EXCEPTIONS), "no exceptions")


API = "aws_ecr_repository.api-gateway"
FILTER = [{"filter": "latest*", "filter_type": "WILDCARD"}]
MUTANTS = (
    Mutant("mutable", put(API, MUTABILITY, "MUTABLE"), at=API, stack="gateway"),
    Mutant("left to the default", drop(API, MUTABILITY), at=API, stack="gateway"),
    Mutant("with exceptions", put(API, MUTABILITY, "IMMUTABLE_WITH_EXCLUSION"), at=API, stack="gateway"),
    Mutant("exceptions beside it", put(API, EXCEPTIONS, FILTER), at=API, stack="gateway"),
)
