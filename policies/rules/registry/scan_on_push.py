"""Every repository scans what is pushed to it."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.images import REPOSITORIES
from policies.graph.postconditions import proves
from policies.mutant import Mutant, add, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

SETTING = "image_scanning_configuration[0].scan_on_push"
PROOFS = (f"self.{SETTING}", f"self.{SETTING} == true", "one(self.image_scanning_configuration).scan_on_push")

RULE = Rule(
    id="scan-on-push",
    title="ECR repository scans images on push, and a referenced one is held to it by a postcondition",
    severity=Severity.HIGH,
    clauses=("P.9.2", "G.2.2"),
    pci_dss=("6.3.2", "6.3.3", "11.3.1"),
    rationale="An image that nobody scanned carries its vulnerabilities into production; a data source alone accepts a "
    "repository whose scanning somebody switched off.",
    remediation="Set image_scanning_configuration.scan_on_push; on a data source add a lifecycle postcondition whose "
    "condition is ${self.image_scanning_configuration[0].scan_on_push}.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html", "2026-11-22"),
    applies_to=REPOSITORIES,
    baseline=True,
)


def check_each(repository: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per repository; what AWS answered (in a plan or state) counts for more than what is promised."""
    expected = spec.get("repositories.scan_on_push") if spec.states("repositories.scan_on_push") else True
    found = repository.boolean(SETTING)
    if found is None and repository.mode == "data":
        found = True if proves(repository, PROOFS) else None
    if found is not expected and not (found is None and expected is False):
        attribute = SETTING if repository.mode == "resource" or found is not None else "lifecycle.postcondition"
        yield finding(repository, attribute, found, expected)


REPOSITORY = "data.aws_ecr_repository.payment-api"
CONDITION = "lifecycle.postcondition[0].condition"
CREATED = {
    "name": "ecr-repository-tools-production-pr42",
    "image_tag_mutability": "IMMUTABLE",
    "force_delete": True,
}
MUTANTS = (
    Mutant("no postcondition", drop(REPOSITORY, "lifecycle"), at=REPOSITORY),
    Mutant("a postcondition about something else", put(REPOSITORY, CONDITION, '${self.name != ""}'), at=REPOSITORY),
    Mutant(
        "a postcondition that is always true", put(REPOSITORY, CONDITION, f"${{self.{SETTING} || true}}"), at=REPOSITORY
    ),
    Mutant("a postcondition turned round", put(REPOSITORY, CONDITION, f"${{!self.{SETTING}}}"), at=REPOSITORY),
    Mutant("a constant", put(REPOSITORY, CONDITION, "${true}"), at=REPOSITORY),
    Mutant("what AWS says", put(REPOSITORY, "image_scanning_configuration", [{"scan_on_push": False}]), at=REPOSITORY),
    Mutant(
        "a created repository left to the default",
        add("aws_ecr_repository.tools", CREATED),
        at="aws_ecr_repository.tools",
    ),
    Mutant(
        "a created repository with scanning off",
        add("aws_ecr_repository.tools", {**CREATED, "image_scanning_configuration": {"scan_on_push": "false"}}),
        at="aws_ecr_repository.tools",
    ),
)
