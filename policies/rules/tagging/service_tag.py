"""Every resource says which microservice it belongs to."""

from collections.abc import Iterator
from typing import Any

from policies.graph import Graph, Resource
from policies.graph.arns import spelled_out
from policies.mutant import Mutant, drop, put
from policies.reference.types import types
from policies.rule import Finding, Rule, Severity, Source, finding
from policies.rules.tagging._owners import owner_of
from policies.spec import Spec

RULE = Rule(
    id="service-tag",
    title="Resource carries the service tag of the spec, with the microservice that owns it or `platform`",
    severity=Severity.MEDIUM,
    clauses=("G.9.4",),
    pci_dss=(),
    rationale="Costs and alarms go to whom the tag names: a resource of one service under the name of another, or of "
    "nobody, is looked after by the wrong people.",
    remediation="Tag what belongs to a microservice with its name, and leave `platform` to default_tags for the rest.",
    source=Source("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html", "2026-11-26"),
    applies_to=("aws_*",),
)


def check_each(resource: Resource, graph: Graph, spec: Spec) -> Iterator[Finding]:
    """One finding per taggable resource with another value, or none. Types nobody knows are required-tags' matter."""
    if not spec.states("service_tag") or resource.type not in types().taggable or resource.mode != "resource":
        return
    tag = spec.get("service_tag")
    found, expected = _value(resource, tag, graph), owner_of(resource, graph, spec)
    if found != expected:
        yield finding(resource, f"tags.{tag}", found, expected)


def _value(resource: Resource, tag: str, graph: Graph) -> str | None:
    found: Any = resource.tags.get(tag)
    if found is None or isinstance(found, str):
        return found and spelled_out(resource, f"tags.{tag}", found, graph)
    raise resource.malformed(f"tags.{tag}", found, "a text")


API, CLUSTER, PROVIDER = "aws_ecs_service.api-gateway", "aws_ecs_cluster.main", "provider.aws"
GREEN, ROLE = "aws_lb_target_group.api-gateway-green", "aws_iam_role.payment-processor-database-rotation"
SCALED, RULE_OF_GROUP = "aws_appautoscaling_target.fraud-detector", "aws_vpc_security_group_ingress_rule"
TAG = "tags.Service"


def swapped(document: dict[str, Any]) -> None:
    """The tags of two services in each other's place."""
    services = document["resource"]["aws_ecs_service"]
    services["payment-processor"]["tags"], services["fraud-detector"]["tags"] = (
        services["fraud-detector"]["tags"],
        services["payment-processor"]["tags"],
    )


MUTANTS = (
    Mutant("left to the platform", drop(API, TAG), at=API, stack="gateway"),
    Mutant("two services swapped", swapped, at="aws_ecs_service.fraud-detector", stack="gateway"),
    Mutant("a tag in another spelling", put(API, "tags", {"service": "api-gateway"}), at=API, stack="gateway"),
    Mutant("an empty tag", put(CLUSTER, "tags", {"Service": ""}), at=CLUSTER, stack="gateway"),
    Mutant("the second target group", drop(GREEN, "tags"), at=GREEN, stack="gateway"),
    Mutant("a function's role", put(ROLE, TAG, "rotation"), at=ROLE, stack="gateway"),
    Mutant("what has no name", put(SCALED, TAG, "payment-processor"), at=SCALED, stack="gateway"),
    Mutant(
        "the caller's tag on the callee's rule",
        put(f"{RULE_OF_GROUP}.api-gateway-to-payment-processor", TAG, "api-gateway"),
        at=f"{RULE_OF_GROUP}.api-gateway-to-payment-processor",
        stack="gateway",
    ),
    Mutant(
        "a service's tag on what is shared",
        put(f"{RULE_OF_GROUP}.api-gateway-to-vpc-endpoints", TAG, "api-gateway"),
        at=f"{RULE_OF_GROUP}.api-gateway-to-vpc-endpoints",
        stack="gateway",
    ),
    Mutant("no default", drop(PROVIDER, f"[0].default_tags[0].{TAG}"), at=CLUSTER, stack="gateway"),
    Mutant(
        "a service as the default",
        put(PROVIDER, f"[0].default_tags[0].{TAG}", "api-gateway"),
        at=CLUSTER,
        stack="gateway",
    ),
)
