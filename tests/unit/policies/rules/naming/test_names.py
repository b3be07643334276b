"""The suffix of a stack from whatever source, and what names of each type look like."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph import Graph, UnresolvedError
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.rules.naming._names import holds, names, pattern_of, suffix_of
from policies.rules.naming.single_region import REGION
from policies.spec import Spec, load_spec
from policies.verdict import Judged


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load_spec("payments")


def stack(name: str = "", clusters: tuple[str, ...] = (), **resources: Any) -> Graph:
    """A graph with that stack name, clusters of these names, and other resources by type."""
    body = {"aws_ecs_cluster": {f"c{index}": {"name": text} for index, text in enumerate(clusters)}, **resources}
    return load_document({"//": {"metadata": {"stackName": name}}, "resource": body})


@pytest.mark.parametrize(
    ("name", "clusters", "suffix"),
    [
        ("payments-production-pr42", (), "pr42"),
        ("payments-production-blue-2", ("ecs-cluster-production-pr42",), "blue-2"),
        ("", ("ecs-cluster-production-pr42",), "pr42"),  # a plan or state without the JSON beside it
        ("", ("ecs-cluster-production-pr42", "legacy"), "pr42"),
    ],
)
def test_the_suffix_is_known(spec: Spec, name: str, clusters: tuple[str, ...], suffix: str) -> None:
    assert suffix_of(stack(name, clusters, aws_vpc={"a": {}}), spec) == suffix


@pytest.mark.parametrize(
    ("name", "clusters"),
    [
        ("payments-production", ()),
        ("payments-staging-pr42", ("ecs-cluster-production-pr42",)),
        ("payments-production-", ()),
        ("payments-production-PR42", ()),
        ("", ()),
        ("", ("legacy",)),
        ("", ("ecs-cluster-production-pr42", "ecs-cluster-production-pr43")),
    ],
)
def test_without_one_suffix_there_is_an_error_and_no_pass(spec: Spec, name: str, clusters: tuple[str, ...]) -> None:
    graph = stack(name, clusters, aws_vpc={"a": {}})
    with pytest.raises(UnresolvedError):
        suffix_of(graph, spec)
    for rule in all_rules():
        if rule.id in ("name-suffix", "name-pattern"):
            outcomes = list(run_rule(rule, graph, spec))
            assert outcomes
            assert not isinstance(outcomes[0], Judged)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("ecs-cluster-production-pr42", True),
        ("pr42.payments.example.com", True),
        ("alias/kms-key-pr42", True),
        ("ecs-cluster-production-pr421", False),
        ("ecs-cluster-production-xpr42", False),
        ("ecs-cluster-production", False),
    ],
)
def test_a_suffix_is_a_part_of_its_own(text: str, there: bool) -> None:
    assert holds(text, "pr42") is there


@pytest.mark.parametrize(
    ("kind", "name", "follows"),
    [
        ("aws_ecs_cluster", "ecs-cluster-production-pr42", True),
        ("aws_ecs_service", "ecs-service-payment-api-production-pr42", True),
        ("aws_subnet", "private-subnet-us-east-1a-production-pr42", True),
        ("aws_iam_role", "execution-role-payment-api-production-pr42", True),
        ("aws_kms_alias", "alias/kms-key-logs-production-pr42", True),
        ("aws_sqs_queue", "sqs-queue-retries-production-pr42", True),
        ("aws_ecs_cluster", "cluster-production-pr42", False),
        ("aws_ecs_cluster", "ecs-cluster-pr42", False),
        ("aws_ecs_cluster", "ecs-cluster-production-", False),
        ("aws_ecs_cluster", "ecs-cluster--production-pr42", False),
        ("aws_ecs_cluster", "ecs-cluster-production-pr42-", False),
        ("aws_subnet", "subnet-us-east-1a-production-pr42", False),
        ("aws_iam_role", "payment-api-production-pr42", False),
    ],
)
def test_names_follow_the_pattern(spec: Spec, kind: str, name: str, follows: bool) -> None:
    assert bool(re.fullmatch(pattern_of(spec, kind, "-pr42"), name)) is follows


def test_a_pattern_without_environment(spec: Spec) -> None:
    values: Mapping[str, Any] = {
        **spec.values,
        "naming": {"pattern": "{type}-{component}-{suffix}", "environment": "x"},
    }
    gateway = Spec("gateway", "gateway", "all", values)

    assert re.fullmatch(pattern_of(gateway, "aws_ecs_cluster", "-pr42"), "ecs-cluster-pr42")
    assert re.fullmatch(pattern_of(gateway, "aws_ecs_service", "-pr42"), "ecs-service-api-gateway-pr42")


def test_every_resource_with_a_name_or_tags_is_named(payments: dict[str, Any]) -> None:
    """What is left unnamed is glue between two resources, or bears a name that is written down as an exception."""
    graph = load_document(payments)
    named = {name.resource.type for name in names(graph)}

    assert sorted({item.type for item in graph.resources.values() if item.mode == "resource"} - named) == [
        "aws_acm_certificate_validation",
        "aws_appautoscaling_target",
        "aws_ecs_cluster_capacity_providers",
        "aws_route",
        "aws_route_table_association",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
    ]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("us-east-1", "us-east-1"),
        ("eu-central-1a", "eu-central-1"),
        ("arn:aws:acm:ap-southeast-2:123456789012:certificate/x", "ap-southeast-2"),
        ("com.amazonaws.us-gov-west-1.s3", "us-gov-west-1"),
        ("prod-us-east-1-starport-layer-bucket", "us-east-1"),
        ("sha256:c4e6081a2b3d5f79", None),
        ("plus-east-1", None),
        ("us-east-10", None),
        ("payment-api", None),
    ],
)
def test_region_names_are_found_in_texts(text: str, region: str | None) -> None:
    found = REGION.search(text)
    assert (found.group() if found else None) == region
