"""Functions run in a runtime that AWS still mends."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, drop, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

FUNCTION = "aws_lambda_function"
RULE = Rule(
    id="function-runtime",
    title="Function runs in a runtime that still gets security updates from AWS",
    severity=Severity.MEDIUM,
    clauses=("G.7.3",),
    pci_dss=("6.3.3",),
    rationale="A runtime past its date is never mended again, and Lambda refuses to update the function a little "
    "later: a rotation that cannot be corrected stops being one.",
    remediation="Set runtime to one of the list; it grows and shrinks with the page of AWS.",
    source=Source("https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html", "2026-11-26"),
    applies_to=(FUNCTION,),
    baseline=True,
)

# Those that AWS does not deprecate within the quarter after the day above.
SUPPORTED = frozenset(
    {
        "dotnet10",
        "java21",
        "java25",
        "nodejs22.x",
        "nodejs24.x",
        "provided.al2023",
        "python3.12",
        "python3.13",
        "python3.14",
        "ruby3.3",
        "ruby3.4",
    }
)


def check_each(function: Resource, _graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per function without such a runtime."""
    if function.text("runtime") not in SUPPORTED:
        yield finding(function, "runtime", function.text("runtime"), sorted(SUPPORTED))


ROTATION = f"{FUNCTION}.fraud-detector-database-rotation"
MUTANTS = (
    Mutant("past its date", put(ROTATION, "runtime", "python3.9"), at=ROTATION, stack="gateway"),
    Mutant("one that never was", put(ROTATION, "runtime", "python3.7.x"), at=ROTATION, stack="gateway"),
    Mutant("left out", drop(ROTATION, "runtime"), at=ROTATION, stack="gateway"),
)
