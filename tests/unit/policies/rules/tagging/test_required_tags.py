"""Tags as AWS will see them, from JSON and from a state, where they stand in another place."""

from pathlib import Path
from typing import Any

import pytest

from policies.engine import run_rule
from policies.graph import Graph
from policies.graph.state import load_shown_state
from policies.graph.terraform_json import load_document
from policies.registry import all_rules
from policies.spec import load_spec
from policies.verdict import Judged, Problem

RULE = next(rule for rule in all_rules() if rule.id == "required-tags")
TAGS = {"Environment": "production", "Team": "payments", "CostCenter": "engineering"}


def outcomes(graph: Graph) -> list[Judged | Problem]:
    return list(run_rule(RULE, graph, load_spec("payments")))


def state(kind: str, **values: Any) -> Graph:
    resource = {"address": f"{kind}.a", "mode": "managed", "type": kind, "name": "a", "values": values}
    document = {"format_version": "1.0", "values": {"root_module": {"resources": [resource]}}}
    return load_shown_state(document, Path("state.json"), None)


def test_a_state_shows_default_tags_in_tags_all() -> None:
    assert outcomes(state("aws_vpc", tags={"Name": "vpc"}, tags_all={**TAGS, "Name": "vpc"})) == []


def test_a_state_without_them_is_red() -> None:
    assert len(outcomes(state("aws_vpc", tags=None, tags_all={}))) == len(TAGS)


def test_a_type_without_tags_needs_none() -> None:
    assert outcomes(load_document({"resource": {"aws_route": {"a": {}}}})) == []


@pytest.mark.parametrize("value", [1, True, ["production"], {"a": "b"}])
def test_a_tag_of_the_wrong_type_is_an_error(value: object) -> None:
    found = outcomes(load_document({"resource": {"aws_vpc": {"a": {"tags": {**TAGS, "Environment": value}}}}}))
    assert [type(item) for item in found] == [Problem]


def test_a_tag_from_a_variable_without_value_is_an_error() -> None:
    document = {
        "variable": {"team": {}},
        "resource": {"aws_vpc": {"a": {"tags": {**TAGS, "Team": "${var.team}"}}}},
    }
    assert any(isinstance(item, Problem) for item in outcomes(load_document(document)))
