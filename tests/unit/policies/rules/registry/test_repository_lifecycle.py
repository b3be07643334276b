"""Lifecycle policies in other forms, and ones that cannot be read."""

import copy
from typing import Any

import pytest

from policies.engine import Outcome, run_rule
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import load_spec
from policies.verdict import Judged, Problem

RULE = next(loaded for loaded in all_rules() if loaded.id == "repository-lifecycle")
ENCODED = """${jsonencode({ rules = [
  { rulePriority = 5, selection = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days",
    countNumber = %s }, action = { type = "expire" } },
  { rulePriority = 7, selection = { tagStatus = "tagged", tagPatternList = ["*"], countType = "imageCountMoreThan",
    countNumber = 2 }, action = { type = "expire" } },
] })}"""


def judged(gateway: dict[str, Any], policy: Any) -> list[Outcome]:
    document = copy.deepcopy(gateway)
    document["resource"]["aws_ecr_lifecycle_policy"]["api-gateway"]["policy"] = policy
    return list(run_rule(RULE, load_document(document), load_spec("gateway")))


@pytest.mark.clause("G.2.3", proof="synth")
@pytest.mark.parametrize(("days", "findings"), [(1, 0), (14, 0), (15, 1), (0, 1)])
def test_the_bounds_of_the_spec_hold_in_an_expression(days: int, findings: int, gateway: dict[str, Any]) -> None:
    found = judged(gateway, ENCODED % days)
    assert len(found) == findings
    assert all(isinstance(item, Judged) for item in found)


@pytest.mark.parametrize(
    "policy", ["", "{", "[]", '{"rules": 1}', '{"rules": [1]}', '{"rules": [{"rulePriority": true}]}']
)
def test_what_cannot_be_read_is_an_error(policy: str, gateway: dict[str, Any]) -> None:
    assert [type(item) for item in judged(gateway, policy)][-1:] == [Problem]
