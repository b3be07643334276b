"""The kinds of resources are those the spec lists: a kind that nobody reviewed has no rule that would judge it."""

from collections.abc import Iterator

from policies.graph import Graph, Resource
from policies.mutant import Mutant, add
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.spec import Spec

RULE = Rule(
    id="known-kinds",
    title="Resource and data source are of a kind that the spec of the platform lists",
    severity=Severity.HIGH,
    clauses=("P.3.1", "P.8.2", "G.3.1", "G.6.3", "G.8.3"),
    pci_dss=("2.2.5", "6.5.1"),
    rationale="Rules name the kinds they judge. A task can also be run, a port opened or a log sent away by one that "
    "no rule names, from AWS or from another provider; even a data source can run a program.",
    remediation="Leave it out, or let security add the kind to `kinds` in the spec, with the rules it needs.",
    source=Source("https://developer.hashicorp.com/terraform/language/providers/requirements", "2026-11-22"),
    applies_to=("*", "data.*", "ephemeral.*"),
)


LISTS = {"data": "kinds.data", "ephemeral": "kinds.ephemeral"}


def check_each(resource: Resource, _graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per resource or data source of another kind."""
    if resource.kind.startswith("provider."):
        return
    listed = LISTS.get(resource.mode, "kinds.resources")
    if resource.type not in (spec.get(listed) if spec.states(listed) else ()):
        yield finding(resource, "", resource.kind, f"a kind listed in {listed} of the spec")


MUTANTS = (
    Mutant(
        "an ephemeral secret that is read",
        add("ephemeral.aws_secretsmanager_secret_version.x", {"secret_id": "x"}),
        at="ephemeral.aws_secretsmanager_secret_version.x",
        stack="gateway",
    ),
    Mutant("a program run by a data source", add("data.external.x", {"program": ["sh"]}), at="data.external.x"),
    Mutant("a service through another provider", add("awscc_ecs_service.x", {}), at="awscc_ecs_service.x"),
    Mutant(
        "a stack that declares what it likes",
        add("aws_cloudformation_stack.x", {"name": "cloudformation-stack-x-production-pr42", "template_body": "{}"}),
        at="aws_cloudformation_stack.x",
    ),
    Mutant(
        "logs sent elsewhere",
        add(
            "aws_cloudwatch_log_subscription_filter.x",
            {
                "name": "cloudwatch-log-subscription-filter-x-production-pr42",
                "log_group_name": "${aws_cloudwatch_log_group.payment-api.name}",
                "filter_pattern": "-",
                "destination_arn": "arn:aws:logs:us-east-1:123456789012:destination:x",
            },
        ),
        at="aws_cloudwatch_log_subscription_filter.x",
    ),
)
