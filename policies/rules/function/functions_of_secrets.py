"""The functions are those that the secrets of the spec need, and no other."""

from collections import Counter
from collections.abc import Iterator

from policies.functions import FUNCTION, expected_functions, functions_of
from policies.graph import Graph
from policies.mutant import Mutant, duplicate, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

RULE = Rule(
    id="functions-of-secrets",
    title="Function exists exactly once for each secret to rotate and once to deploy anew, and for nothing else",
    severity=Severity.HIGH,
    clauses=("G.7.3",),
    pci_dss=("2.2.4", "8.6.3"),
    rationale="One function for several secrets has the rights over all of them; one that no secret needs runs code in "
    "the network of the services that nobody has asked for.",
    remediation="Declare one aws_lambda_function per secret, `<service>-<secret>-rotation` by the pattern of the spec, "
    "and one `redeployment`.",
    source=Source(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html", "2026-11-26"
    ),
    applies_to=(FUNCTION,),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for each function that is missing, and at those that are doubled or that nothing needs."""
    if not spec.states("secrets"):
        return
    named = functions_of(graph, spec)
    counts = Counter(named.values())
    for expected in expected_functions(spec):
        if not counts[expected]:
            near = next(iter(graph.of_type(FUNCTION)), None)
            yield absence(f"{FUNCTION}.{expected.component}", f"a function {expected.component}", near=near)
    for function in graph.of_type(FUNCTION):
        mine = named.get(function.address)
        if mine is None:
            yield finding(function, "function_name", function.text("function_name"), "a function that a secret needs")
        elif counts[mine] > 1:
            yield finding(function, "function_name", function.text("function_name"), f"one, not {counts[mine]}")


ROTATION = f"{FUNCTION}.fraud-detector-database-rotation"
MUTANTS = (
    Mutant(
        "named for nothing",
        put(ROTATION, "function_name", "function-fraud-detector-report-pr42"),
        at=ROTATION,
        also=(
            "function-invokers",
            "function-log-group",
            "reachability",
            "secret-readers",
            "secret-rotation",
            "security-group-rules",
        ),
        stack="gateway",
    ),
    Mutant(
        "two for one",
        duplicate(ROTATION, "second"),
        at=f"{FUNCTION}.second",
        also=("function-in-private-subnets", "function-invokers", "secret-rotation"),
        stack="gateway",
    ),
    Mutant(
        "nothing deploys anew",
        put(f"{FUNCTION}.redeployment", "function_name", "function-report-pr42"),
        at=f"{FUNCTION}.redeployment",
        also=(
            "function-invokers",
            "function-log-group",
            "reachability",
            "redeploy-on-rotation",
            "security-group-rules",
        ),
        stack="gateway",
    ),
)
