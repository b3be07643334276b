"""What was judged is what Terraform brings about: no attribute is left as it happens to be."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.lifecycle import IGNORE_CHANGES, ignored_changes
from policies.mutant import Mutant, append, put
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="ignored-changes",
    title="Resource ignores no change to itself but what AWS has to make",
    severity=Severity.HIGH,
    clauses=(),
    pci_dss=("6.5.1",),
    rationale="An ignored attribute keeps its old value for ever, whatever the stack says and the gate passed.",
    remediation="Remove the attribute from lifecycle.ignore_changes, or the service's desired_count alone may stay.",
    source=Source("https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle", "2026-11-22"),
    applies_to=("aws_*", "data.aws_*"),
)

# Type -> what AWS changes by itself: Application Auto Scaling sets the count of a service.
BY_AWS: dict[str, tuple[str, ...]] = {"aws_ecs_service": ("desired_count",)}


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per resource, of any type, that ignores more than AWS changes by itself."""
    for resource in graph.resources.values():
        allowed = BY_AWS.get(resource.type, ())
        ignored = ignored_changes(resource)
        if not set(ignored) <= set(allowed):
            yield finding(resource, IGNORE_CHANGES, ignored, allowed or "none")


SERVICE, TASK, GROUP = "aws_ecs_service.payment-api", "aws_ecs_task_definition.payment-api", "aws_security_group.alb"
MUTANTS = (
    Mutant("the network of a service", append(SERVICE, IGNORE_CHANGES, "network_configuration"), at=SERVICE),
    Mutant("everything about a service", put(SERVICE, IGNORE_CHANGES, "all"), at=SERVICE),
    Mutant("containers", put(TASK, "lifecycle", {"ignore_changes": ["container_definitions"]}), at=TASK),
    Mutant("the rules of a security group", put(GROUP, "lifecycle", [{"ignore_changes": ["ingress"]}]), at=GROUP),
)
