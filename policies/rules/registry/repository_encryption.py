"""Created repositories are encrypted as the spec says: with a key of this stack that rotates, or by ECR itself."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="repository-encryption",
    title="ECR repository that this stack creates is encrypted in the mode of the spec",
    severity=Severity.MEDIUM,
    clauses=("G.2.1",),
    pci_dss=("3.6.1",),
    rationale="A repository never changes its encryption: what is created with the wrong one has to be created again, "
    "with every image pushed anew.",
    remediation="kms: encryption_type KMS with an aws_kms_key of this stack that rotates. aes256: leave the block out.",
    source=Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html", "2026-11-26"),
    applies_to=("aws_ecr_repository",),
)

BLOCK, KMS = "encryption_configuration", ("KMS", "KMS_DSSE")


def check_each(repository: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for another mode, and in mode kms for a key that is not of this stack or does not rotate."""
    if not spec.states("repositories.encryption"):
        return
    mode, found = spec.get("repositories.encryption"), repository.text(f"{BLOCK}.encryption_type", "AES256")
    allowed = KMS if mode == "kms" else (mode.upper(),)
    if found not in allowed:
        yield finding(repository, f"{BLOCK}.encryption_type", found, allowed)
    if mode != "kms":
        return
    key = repository.get(f"{BLOCK}.kms_key")
    keys = graph.lookup(key, "aws_kms_key") if isinstance(key, str) and key else ()
    if not keys:
        yield finding(repository, f"{BLOCK}.kms_key", key, "an aws_kms_key of this stack")
    for item in keys:
        if not item.boolean("enable_key_rotation", False):
            yield finding(repository, f"{BLOCK}.kms_key", f"{item.address} does not rotate", "a key that rotates")


API, KEY = "aws_ecr_repository.api-gateway", "aws_kms_key.registry"
MUTANTS = (
    Mutant("by ECR itself", put(API, BLOCK, {"encryption_type": "AES256"}), at=API, stack="gateway"),
    Mutant("left to the default", drop(API, BLOCK), at=API, stack="gateway"),
    Mutant("a key, and a type that takes none", drop(API, f"{BLOCK}[0].encryption_type"), at=API, stack="gateway"),
    Mutant("the key of AWS", drop(API, f"{BLOCK}[0].kms_key"), at=API, stack="gateway"),
    Mutant("the key of AWS by its alias", put(API, f"{BLOCK}[0].kms_key", "alias/aws/ecr"), at=API, stack="gateway"),
    Mutant(
        "a key that stays the same",
        put(KEY, "enable_key_rotation", "false"),
        at=API,
        also=("encryption-keys",),
        stack="gateway",
    ),
)
