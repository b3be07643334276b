"""The states, and the key that they lie under, are not destroyed by anybody's mistake."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

BUCKET, KEY = "aws_s3_bucket", "aws_kms_key"
RULE = Rule(
    id="state-bucket-kept",
    title="State bucket and its key are kept: while declared, no plan destroys them, and no force empties them",
    severity=Severity.CRITICAL,
    clauses=(),
    pci_dss=("6.5.2",),
    rationale="Without its state a platform can be neither changed nor destroyed by what made it, and everything in it "
    "has to be found by hand.",
    remediation="Set lifecycle.prevent_destroy, leave force_destroy false and the key's deletion window at 30 days.",
    source=Source("https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle", "2026-11-26"),
    applies_to=(BUCKET, KEY),
)

LONGEST_WINDOW_DAYS = 30


def check_each(resource: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a bucket or key that a destroy, or a replacement, would take away."""
    if graph.kind == "json":  # plans and states do not carry the lifecycle block
        block = resource.block("lifecycle")
        prevented = block.boolean("prevent_destroy", False) if block else False
        if not prevented:
            yield finding(resource, "lifecycle.prevent_destroy", prevented, True)
    if resource.type == BUCKET and resource.boolean("force_destroy", False):
        yield finding(resource, "force_destroy", True, False)
    if resource.type == KEY and resource.number("deletion_window_in_days", LONGEST_WINDOW_DAYS) != LONGEST_WINDOW_DAYS:
        yield finding(resource, "deletion_window_in_days", resource.get("deletion_window_in_days"), LONGEST_WINDOW_DAYS)


STATE, STATE_KEY = f"{BUCKET}.state", f"{KEY}.state"
MUTANTS = (
    Mutant("bucket may be destroyed", put(STATE, "lifecycle.prevent_destroy", False), at=STATE, stack="bootstrap"),
    Mutant("left to the default", drop(STATE, "lifecycle"), at=STATE, stack="bootstrap"),
    Mutant("emptied by force", put(STATE, "force_destroy", True), at=STATE, stack="bootstrap"),
    Mutant("key may be destroyed", drop(STATE_KEY, "lifecycle"), at=STATE_KEY, stack="bootstrap"),
    Mutant("key is gone in a week", put(STATE_KEY, "deletion_window_in_days", 7), at=STATE_KEY, stack="bootstrap"),
)
