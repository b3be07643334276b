"""The secrets are those of the spec: one for each need of a service, and no other."""

from collections import Counter
from collections.abc import Iterator

from policies.graph import Graph
from policies.mutant import Mutant, add, drop, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.service_secrets import SECRET, secrets_of, stated_secrets
from policies.spec import Spec

RULE = Rule(
    id="secrets-of-services",
    title="Secret exists exactly once for each need that the spec gives a service, and for nothing else",
    severity=Severity.HIGH,
    clauses=("G.7.1", "G.7.2"),
    pci_dss=("8.6.2", "8.6.3"),
    rationale="A secret for two needs cannot be rotated for one of them, a missing one is replaced by a value in plain "
    "text, and one that nobody needs is a credential that nobody misses when it leaks.",
    remediation="Declare one aws_secretsmanager_secret per need, named by the pattern of the spec after its service "
    "and the need.",
    source=Source("https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html", "2026-11-26"),
    applies_to=(SECRET,),
)

VERSION = "aws_secretsmanager_secret_version"


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for needs without a secret, secrets of no need, those that share one, and those without one value."""
    if not spec.states("secrets"):
        return
    held = secrets_of(graph, spec)
    counts = Counter(held.values())
    for stated in stated_secrets(spec):
        if not counts[stated]:
            near = next(iter(graph.of_type(SECRET)), None)
            yield absence(f"{SECRET}.{stated.component}", f"a secret {stated.component}", near=near)
    for secret in graph.of_type(SECRET):
        stated_here = held.get(secret.address)
        if stated_here is None:
            yield finding(secret, "name", secret.text("name"), "a need of a service in the spec")
        elif counts[stated_here] > 1:
            yield finding(secret, "name", secret.text("name"), f"one secret, not {counts[stated_here]}")
        if (values := len(graph.referrers(secret, VERSION, "secret_id"))) != 1:
            yield finding(secret, "", f"{values} values", f"one {VERSION}, the first value")


DATABASE = f"{SECRET}.fraud-detector-database"
SPARE = {
    "name": "secret-fraud-detector-spare-pr42",
    "tags": {"Service": "fraud-detector"},
    "recovery_window_in_days": 0,
}
EPHEMERAL = "${ephemeral.aws_secretsmanager_random_password.fraud-detector-database.random_password}"
MUTANTS = (
    Mutant(
        "a second value, which takes the first one's place",
        add(f"{VERSION}.more", {"secret_id": f"${{{DATABASE}.id}}", "secret_string_wo": EPHEMERAL}),
        at=DATABASE,
        also=("secret-first-version", "secret-value-form", "secret-values-ephemeral"),
        stack="gateway",
    ),
    Mutant("a secret that is empty", drop(f"{VERSION}.fraud-detector-database"), at=DATABASE, stack="gateway"),
    Mutant(
        "a name of no need",
        put(DATABASE, "name", "secret-fraud-detector-cache-pr42"),
        at=DATABASE,
        also=("function-environment", "function-invokers", "secret-injection", "secret-readers", "secret-rotation"),
        stack="gateway",
    ),
    Mutant(
        "a secret more",
        add(f"{SECRET}.spare", SPARE),
        at=f"{SECRET}.spare",
        also=("secret-encryption", "secret-rotation"),
        stack="gateway",
    ),
    Mutant(
        "two for one",
        duplicate(DATABASE, "second"),
        at=f"{SECRET}.second",
        also=(
            "function-environment",
            "redeploy-on-rotation",
            "rotation-function-reach",
            "secret-injection",
            "secret-readers",
            "secret-rotation",
        ),
        stack="gateway",
    ),
    Mutant(
        "named after the other service",
        put(DATABASE, "name", "secret-payment-processor-database-pr42"),
        at=DATABASE,
        also=(
            "function-environment",
            "function-invokers",
            "secret-injection",
            "secret-readers",
            "secret-rotation",
            "secret-value-form",
            "service-tag",
        ),
        stack="gateway",
    ),
)
