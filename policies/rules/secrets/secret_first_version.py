"""Terraform finds the first version of a secret again, however often rotation has moved its labels."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.graph.lifecycle import IGNORE_CHANGES, ignored_changes
from policies.mutant import Mutant, change, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

VERSION = "aws_secretsmanager_secret_version"
RULE = Rule(
    id="secret-first-version",
    title="First version of a secret keeps a label of its own, and leaves the labels of AWS to rotation",
    severity=Severity.HIGH,
    clauses=("G.7.3",),
    pci_dss=("8.6.3",),
    rationale="Secrets Manager deletes a version without labels. Terraform then makes it anew as the current one: the "
    "service gets a random value that its database does not know.",
    remediation="Give version_stages AWSCURRENT and a label that does not begin with AWS, and ignore later changes of "
    "version_stages.",
    source=Source("https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html", "2026-11-26"),
    applies_to=(VERSION,),
    baseline=True,
)

STAGES, CURRENT, OF_AWS = "version_stages", "AWSCURRENT", "AWS"


def check_each(version: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for labels that rotation takes away, and for labels that Terraform would put back."""
    stages = version.texts(STAGES)
    if all(stage.startswith(OF_AWS) for stage in stages):
        yield finding(version, STAGES, stages, "a label of its own, which does not begin with AWS")
    if graph.kind == "json" and [stage for stage in stages if stage.startswith(OF_AWS)] != [CURRENT]:
        yield finding(version, STAGES, stages, f"of the labels of AWS {CURRENT} alone")  # later rotation says which
    if graph.kind != "json" and "lifecycle" not in version.values:
        return  # a plan or a state by itself does not tell
    if STAGES not in ignored_changes(version):
        yield finding(version, IGNORE_CHANGES, ignored_changes(version), STAGES)


DATABASE = f"{VERSION}.fraud-detector-database"
MUTANTS = (
    Mutant("no labels of its own", drop(DATABASE, STAGES), at=DATABASE, also=("ignored-changes",), stack="gateway"),
    Mutant(
        "only the label that moves",
        put(DATABASE, STAGES, [CURRENT]),
        at=DATABASE,
        also=("ignored-changes",),
        stack="gateway",
    ),
    Mutant("not current", put(DATABASE, STAGES, ["PAYGATE_FIRST"]), at=DATABASE, stack="gateway"),
    Mutant(
        "a label that blocks the next rotation",
        change(DATABASE, STAGES, lambda stages: [*stages, "AWSPENDING"]),
        at=DATABASE,
        stack="gateway",
    ),
    Mutant("labels that Terraform puts back", drop(DATABASE, "lifecycle"), at=DATABASE, stack="gateway"),
    Mutant("ignores something else", put(DATABASE, IGNORE_CHANGES, []), at=DATABASE, stack="gateway"),
)
