"""What is declared is there once: nothing is counted, looped over, or done by a provisioner."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.mutant import Mutant, add, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="plain-declaration",
    title="Resource stands in the stack exactly once, without count, for_each or provisioner",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("6.5.1",),
    rationale="With count 0 a log group satisfies every rule and never exists; a provisioner changes what was judged.",
    remediation="Write each resource out, and do what needs a command at deployment.",
    source=Source("https://developer.hashicorp.com/terraform/language/meta-arguments/count", "2026-11-22"),
    applies_to=("aws_*", "data.aws_*", "null_resource", "terraform_data"),
)

FORBIDDEN = ("count", "for_each", "provisioner", "connection")


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per meta-argument, on resources of any type; plans and states show what became of them."""
    for resource in graph.resources.values():
        for argument in FORBIDDEN:
            if graph.kind == "json" and argument in resource.values:
                yield finding(resource, argument, resource.values[argument], "a resource that stands there once")


GROUP, SERVICE = "aws_cloudwatch_log_group.payment-api", "aws_ecs_service.payment-api"
COMMAND = {"local-exec": {"command": "aws ecs update-service --desired-count 0"}}
MUTANTS = (
    Mutant("declared and never made", put(GROUP, "count", 0), at=GROUP),
    Mutant("two of it", put(SERVICE, "count", "${2}"), at=SERVICE),
    Mutant("looped over nothing", put("aws_flow_log.vpc", "for_each", {}), at="aws_flow_log.vpc"),
    Mutant("changed after it is made", put(SERVICE, "provisioner", [COMMAND]), at=SERVICE),
    Mutant(
        "a resource that only runs a command",
        add("null_resource.run", {"provisioner": [COMMAND]}),
        at="null_resource.run",
    ),
)
