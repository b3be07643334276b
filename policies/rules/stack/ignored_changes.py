"""What was judged is what Terraform brings about: no attribute is left as it happens to be."""

from collections.abc import Iterator

from policies.graph import Graph
from policies.graph.failures import UnresolvedError
from policies.graph.lifecycle import IGNORE_CHANGES, ignored_changes
from policies.graph.resource import Resource
from policies.graph.traffic_shift import shifts
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
    remediation="Remove the attribute from lifecycle.ignore_changes. What may stay: the desired_count of a service, "
    "the action of a listener rule that ECS moves requests with, the version_stages of a first value that rotates.",
    source=Source("https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle", "2026-11-22"),
    applies_to=("aws_*", "data.aws_*"),
)

SERVICE_KIND, VERSION_KIND, OF_AWS = "aws_ecs_service", "aws_secretsmanager_secret_version", "AWS"


def check(graph: Graph, _spec: Spec) -> Iterator[Finding]:
    """One finding per resource, of any type, that ignores more than AWS changes by itself."""
    moved = set(_rules_that_ecs_changes(graph))
    for resource in graph.resources.values():
        allowed = _by_aws(resource, moved)
        ignored = ignored_changes(resource)
        if not set(ignored) <= set(allowed):
            yield finding(resource, IGNORE_CHANGES, ignored, allowed or "none")


def _by_aws(resource: Resource, moved: set[str]) -> tuple[str, ...]:
    """What AWS changes by itself: Application Auto Scaling the count, ECS the weights, a rotation the labels."""
    if resource.type == SERVICE_KIND:
        return ("desired_count",)
    if resource.address in moved:
        return ("action",)
    # With a label of its own the version stays findable: Terraform would otherwise make it anew, and current again.
    if resource.kind == VERSION_KIND and any(
        not label.startswith(OF_AWS) for label in resource.texts("version_stages")
    ):
        return ("version_stages",)
    return ()


def _rules_that_ecs_changes(graph: Graph) -> Iterator[str]:
    for shift in shifts(graph):
        try:
            yield from (rule.address for rule in shift.rules(graph))
        except UnresolvedError:  # of a rule that is not there nothing follows for another one
            continue


SERVICE, TASK, GROUP = "aws_ecs_service.payment-api", "aws_ecs_task_definition.payment-api", "aws_security_group.alb"
MUTANTS = (
    Mutant("the network of a service", append(SERVICE, IGNORE_CHANGES, "network_configuration"), at=SERVICE),
    Mutant("everything about a service", put(SERVICE, IGNORE_CHANGES, "all"), at=SERVICE),
    Mutant("containers", put(TASK, "lifecycle", {"ignore_changes": ["container_definitions"]}), at=TASK),
    Mutant(
        "more of a rule than where requests go",
        append("aws_lb_listener_rule.api-gateway", IGNORE_CHANGES, "condition"),
        at="aws_lb_listener_rule.api-gateway",
        stack="gateway",
    ),
    Mutant(
        "labels of a version without one of its own",
        put("aws_secretsmanager_secret_version.fraud-detector-database", "version_stages", ["AWSCURRENT"]),
        at="aws_secretsmanager_secret_version.fraud-detector-database",
        also=("secret-first-version",),
        stack="gateway",
    ),
    Mutant("the rules of a security group", put(GROUP, "lifecycle", [{"ignore_changes": ["ingress"]}]), at=GROUP),
)
