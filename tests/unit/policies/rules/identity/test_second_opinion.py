"""parliament, which shares no code with our rules, judges every identity policy of the synthesized stack."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from policies.graph import Graph
from policies.graph.arns import spelled_out
from policies.graph.policies import IDENTITY, Policy, actions_in, policies_of
from policies.graph.terraform_json import load_document
from policies.mutant import mutated, put

REGION_STAND_IN = "region-known-to-terraform"


@pytest.fixture(scope="module")
def parliament() -> ModuleType:
    """parliament imports pkg_resources, which setuptools no longer brings, for the path of two of its own files."""
    if importlib.util.find_spec("pkg_resources") is None:
        stand_in = ModuleType("pkg_resources")
        folder = Path(str(importlib.util.find_spec("parliament").origin)).parent  # type: ignore[union-attr]
        stand_in.resource_filename = lambda _package, name: str(folder / name)  # type: ignore[attr-defined]
        sys.modules["pkg_resources"] = stand_in
    return importlib.import_module("parliament")


def opinion(parliament: ModuleType, policy: Policy, graph: Graph) -> list[str]:
    """What parliament has against a policy, as its issue names."""
    statements = [
        {
            "Effect": item.effect,
            "Action": list(actions_in(item)),
            "Resource": [
                spelled_out(item.place, "Resource", text, graph).replace(REGION_STAND_IN, "us-east-1")
                for text in item.resources
            ],
        }
        for item in policy.statements
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return [f"{found.issue}: {found.detail}" for found in parliament.analyze_policy_string(document).findings]


def identity_policies(graph: Graph) -> list[Policy]:
    return [
        policy
        for resource in graph.resources.values()
        for policy in policies_of(resource, graph)
        if policy.form == IDENTITY
    ]


@pytest.mark.clause("P.7.4", proof="test")
def test_parliament_has_nothing_against_any_identity_policy(parliament: ModuleType, payments: dict[str, Any]) -> None:
    graph = load_document(payments)
    policies = identity_policies(graph)

    assert len(policies) >= 4, "one per execution role, and the flow logs'"
    assert {policy.holder.resource.address: opinion(parliament, policy, graph) for policy in policies} == {
        policy.holder.resource.address: [] for policy in policies
    }


@pytest.mark.parametrize(
    ("path", "value", "issue"),
    [
        ("Resource", "*", "RESOURCE_STAR"),
        ("Action", "logs:PutLogEvent", "UNKNOWN_ACTION"),
        ("Resource", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH"),
    ],
)
def test_parliament_would_have_something_against_a_bad_one(
    parliament: ModuleType, payments: dict[str, Any], path: str, value: str, issue: str
) -> None:
    address = "aws_iam_role_policy.flow-log"
    graph = load_document(mutated(payments, put(address, f"policy.Statement[0].{path}", value)))

    found = [
        text for policy in policies_of(graph.resources[address], graph) for text in opinion(parliament, policy, graph)
    ]

    assert any(text.startswith(issue) for text in found), found
