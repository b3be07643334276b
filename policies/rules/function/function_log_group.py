"""What a function writes goes to a log group of this stack."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

FUNCTION, GROUP = "aws_lambda_function", "aws_cloudwatch_log_group"
RULE = Rule(
    id="function-log-group",
    title="Function writes to a log group of its own that is declared in the stack",
    severity=Severity.MEDIUM,
    clauses=("G.3.4", "G.7.3"),
    pci_dss=("10.2.1", "10.3.2"),
    rationale="Lambda makes the group by itself otherwise: it never expires, has no key and survives a destroy; and in "
    "the group of another nobody finds which rotation failed.",
    remediation="Declare an aws_cloudwatch_log_group named /aws/lambda/<function name>, and name no other in "
    "logging_config.",
    source=Source(
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html", "2026-11-26"
    ),
    applies_to=(FUNCTION,),
    baseline=True,
)

ELSEWHERE, LEVELS = "logging_config.log_group", ("application_log_level", "system_log_level")
QUIET = ("ERROR", "FATAL", "WARN")  # what a rotation says of its steps has the level INFO


def check_each(function: Resource, graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """Findings for a group that is not declared, for one of another, and for logs that are switched down."""
    own = f"/aws/lambda/{function.text('function_name')}"
    if own not in graph.once(_names):
        yield finding(function, "function_name", None, f"a log group {own}")
    for group in graph.targets_of(function, ELSEWHERE, GROUP) if function.has(ELSEWHERE) else ():
        if group.text("name") != own:
            yield finding(function, ELSEWHERE, group.address, own)
    for path in (f"logging_config.{level}" for level in LEVELS):
        if function.text(path) in QUIET:
            yield finding(function, path, function.text(path), "INFO or finer")


def _names(graph: Graph) -> frozenset[str | None]:
    return frozenset(group.text("name") for group in graph.of_type(GROUP))


NAME = "fraud-detector-database-rotation"
ROTATION = f"{FUNCTION}.{NAME}"
MUTANTS = (
    Mutant(
        "not declared under its name",
        put(f"{GROUP}.{NAME}", "name", "/aws/lambda/function-fraud-detector-rotation-pr42"),
        at=ROTATION,
        also=("rotation-function-reach",),
        stack="gateway",
    ),
    Mutant(
        "in the group of its service",
        put(ROTATION, "logging_config", [{"log_format": "Text", "log_group": f"${{{GROUP}.fraud-detector.name}}"}]),
        at=ROTATION,
        stack="gateway",
    ),
    Mutant(
        "only errors",
        put(ROTATION, "logging_config", {"log_format": "JSON", "application_log_level": "ERROR"}),
        at=ROTATION,
        stack="gateway",
    ),
)
