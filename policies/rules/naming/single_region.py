"""Everything is in the region of the spec."""

import re
from collections.abc import Iterator
from typing import Any

from policies.graph import Graph
from policies.graph.walk import strings
from policies.mutant import Mutant, put
from policies.rule import Finding, Rule, Severity, Source, absence, finding
from policies.spec import Spec

RULE = Rule(
    id="single-region",
    title="Provider and resources are in the region of the spec, and nothing names another one",
    severity=Severity.HIGH,
    clauses=("P.11.2", "G.9.1"),
    pci_dss=(),
    rationale="Card data that reaches another region is subject to other contracts, and what is deployed there is "
    "watched, backed up and paid for by nobody.",
    remediation="Give each AWS provider the region of the spec; remove aliased providers, `region` arguments, zones, "
    "ARNs and endpoint names of other regions.",
    source=Source("https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html", "2026-11-22"),
    applies_to=("aws_*", "data.aws_*", "provider.aws"),
)

# Region names, whether they stand alone, in a zone (us-east-1a), an ARN or a host name.
REGION = re.compile(
    r"(?<![A-Za-z0-9])(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-isob?|-isof?)?"
    r"-(?:central|(?:north|south)(?:east|west)?|east|west)-[1-9](?![0-9])"
)
WORDS = ("tags", "tags_all", "description", "//")  # what people write there places nothing


def check(graph: Graph, spec: Spec) -> Iterator[Finding]:
    """Findings for providers without that region, and for each text that names another one."""
    region = spec.get("region")
    providers = [item for item in graph.providers if item.type == "aws"]
    for provider in providers:
        if provider.text("region") != region:
            yield finding(provider, "region", provider.text("region"), region)
    if not providers and not any(region in text for item in graph.resources.values() for text in strings(item.values)):
        yield absence("provider.aws", f"region {region}", "no provider, and no resource that tells its region")
    for resource in graph.resources.values():
        if resource.has("region") and resource.mode == "resource" and resource.text("region") != region:
            yield finding(resource, "region", resource.text("region"), region)
        for attribute, value in resource.values.items():
            others = _others(value, region) if attribute not in ("region", *WORDS) else []
            if others:
                yield finding(resource, attribute, ", ".join(others), region)


def _others(value: Any, region: str) -> list[str]:
    found = {match for text in strings(value) for match in REGION.findall(text)}
    return sorted(found - {region})


PROVIDER, SUBNET, LISTENER = "provider.aws", "aws_subnet.private-us-east-1a", "aws_lb_listener.https"
TASK = "aws_ecs_task_definition.payment-api"
OTHER = {"alias": "west", "region": "us-west-2", "default_tags": [{"tags": {}}]}
REPLICA = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def second_provider(document: dict[str, Any]) -> None:
    """An aliased provider that nothing uses yet."""
    document["provider"]["aws"].append(dict(OTHER))


MUTANTS = (
    Mutant("another region", put(PROVIDER, "[0].region", "eu-central-1"), at=PROVIDER),
    Mutant("left to the environment", put(PROVIDER, "[0].region", None), at=PROVIDER),
    Mutant("an aliased provider", second_provider, at="provider.aws.west"),
    Mutant("a region for one resource", put("aws_ecs_cluster.main", "region", "us-east-2"), at="aws_ecs_cluster.main"),
    Mutant(
        "a certificate of another region",
        put(LISTENER, "certificate_arn", REPLICA),
        at=LISTENER,
        also=("certificate-from-acm",),
    ),
    Mutant(
        "logs for another region",
        put(TASK, "container_definitions[0].logConfiguration.options.awslogs-region", "us-west-2"),
        at=TASK,
        also=("container-logs",),
    ),
    Mutant(
        "a zone elsewhere", put(SUBNET, "availability_zone", "us-east-2a"), at=SUBNET, also=("nat-gateway-of-own-zone",)
    ),
)
