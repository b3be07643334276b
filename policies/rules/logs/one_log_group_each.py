"""Each microservice has one log group."""

from collections import Counter
from collections.abc import Iterator

from policies.graph import Graph
from policies.microservices import microservice_of, microservices
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

GROUP = "aws_cloudwatch_log_group"
RULE = Rule(
    id="one-log-group-each",
    title="Log group exists exactly once for each microservice of the spec",
    severity=Severity.MEDIUM,
    clauses=("P.6.1", "G.3.4"),
    pci_dss=("10.2.1",),
    rationale="One group each is what lets a role write, and a person read, the logs of one service and no other.",
    remediation="Declare one aws_cloudwatch_log_group per microservice, named by the pattern of the spec.",
    source=Source(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
        "2026-11-22",
    ),
    applies_to=(GROUP,),
)


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for each microservice without a group, and at every group of one that has several."""
    groups = [(group, microservice_of(group, "name", spec)) for group in graph.of_type(GROUP)]
    counts = Counter(name for _, name in groups)
    for name in microservices(spec):
        if not counts[name]:
            near = groups[0][0] if groups else None
            yield absence(f"{GROUP}.{name}", f"a log group for {name}", near=near)
    for group, owner in groups:
        if owner is not None and counts[owner] > 1:
            yield finding(group, "name", group.text("name"), f"one log group for {owner}, not {counts[owner]}")


API, FLOWS = f"{GROUP}.payment-api", f"{GROUP}.vpc-flows"
MUTANTS = (
    Mutant(
        "a name of no microservice",
        put(API, "name", "log-group-payments-production-pr42"),
        at=API,
        also=("container-logs",),
    ),
    Mutant("two for one", put(FLOWS, "name", "log-group-flows-payment-api-production-pr42"), at=FLOWS),
)
