"""Secrets are deleted as soon as the spec says: with the deployment, or some days after."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.service_secrets import SECRET
from policies.spec import Spec

RULE = Rule(
    id="secret-recovery-window",
    title="Secret that is destroyed can be recovered for the number of days of the spec",
    severity=Severity.MEDIUM,
    clauses=("G.9.5",),
    pci_dss=("8.3.2",),
    rationale="A secret that waits to be deleted keeps its name, so that the next deployment of the same suffix fails, "
    "and its value, which nobody rotates any more.",
    remediation="Set recovery_window_in_days to the number of the spec; left out, AWS keeps the secret for 30 days.",
    source=Source("https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html", "2026-11-26"),
    applies_to=(SECRET,),
)

WINDOW, DEFAULT = "recovery_window_in_days", 30


def check_each(secret: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per secret with another window."""
    if spec.states("secrets"):
        wanted, found = spec.get("secrets.recovery_window_days"), secret.number(WINDOW, DEFAULT)
        if found != wanted:
            yield finding(secret, WINDOW, found, wanted)


DATABASE = f"{SECRET}.fraud-detector-database"
MUTANTS = (
    Mutant("a week", put(DATABASE, WINDOW, 7), at=DATABASE, also=("destroyable",), stack="gateway"),
    Mutant("left to the default", drop(DATABASE, WINDOW), at=DATABASE, also=("destroyable",), stack="gateway"),
    Mutant("a month, as a text", put(DATABASE, WINDOW, "30"), at=DATABASE, also=("destroyable",), stack="gateway"),
)
