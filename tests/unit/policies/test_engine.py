"""The engine: what goes wrong inside a rule is an error at its place, never a pass and never a traceback."""

from collections.abc import Iterator
from typing import Any

import pytest

from policies.engine import run_rule, run_rules
from policies.graph import Graph, Resource
from policies.graph.templates import parts
from policies.graph.terraform_json import load_document
from policies.registry import LoadedRule
from policies.rule import Finding, absence, finding
from policies.spec import load_spec
from policies.verdict import Judged, Problem
from tests.unit.policies.standins import each, whole

SPEC = load_spec("payments")


def stack(**sizes: Any) -> Graph:
    return load_document({"resource": {"aws_x": {name: {"size": size} for name, size in sizes.items()}}})


def test_each_resource_of_its_types_is_judged() -> None:
    findings, problems = run_rules([each("size")], stack(a=1, b=2, c="3"), SPEC)
    assert [(item.finding.address, item.finding.found) for item in findings] == [("aws_x.b", 2), ("aws_x.c", 3)]
    assert problems == ()


def test_a_value_that_cannot_be_read_is_an_error_of_its_resource_only() -> None:
    findings, problems = run_rules([each("size")], stack(a=[], b=2, c="${var.size}"), SPEC)
    assert [item.finding.address for item in findings] == ["aws_x.b"]
    assert [(item.rule, item.address, item.attribute) for item in problems] == [
        ("size", "aws_x.a", "size"),
        ("size", "aws_x.c", "size"),
    ]


def crash(*_: Any) -> Iterator[Finding]:
    raise ZeroDivisionError("division by zero")


def crash_later(resource: Resource, *_: Any) -> Iterator[Finding]:
    yield finding(resource, "size", 1, 2)
    raise KeyError("gone")


def recurse(*arguments: Any) -> Any:
    return recurse(*arguments)


def leave(*_: Any) -> Any:
    raise SystemExit(0)


def no_iterable(*_: Any) -> Any:
    return 5


def no_finding(*_: Any) -> Iterator[Any]:
    yield "a text"


@pytest.mark.parametrize("check", [crash, recurse, leave, no_iterable, no_finding])
@pytest.mark.parametrize("make", [each, whole])
def test_a_rule_that_crashes_is_an_error(make: Any, check: Any) -> None:
    (problem,) = run_rule(make("size", check), stack(a=1), SPEC)
    assert isinstance(problem, Problem)
    assert problem.rule == "size"
    assert "crashed" in problem.message


def test_what_a_rule_found_before_it_crashed_is_kept() -> None:
    found, problem = run_rule(each("size", crash_later), stack(a=1), SPEC)
    assert isinstance(found, Judged)
    assert isinstance(problem, Problem)
    assert problem.address == "aws_x.a"


def test_a_broken_template_that_a_rule_takes_apart_is_an_error_of_its_resource() -> None:
    def take_apart(resource: Resource, _graph: Graph, _spec: Any) -> Iterator[Finding]:
        parts(resource.get("size"))
        yield finding(resource, "size", 1, 2)

    (problem,) = run_rule(each("size", take_apart), stack(a="${aws_x"), SPEC)
    assert isinstance(problem, Problem)
    assert problem.message == "malformed value: expected whole templates"
    assert problem.address == "aws_x.a"


def test_a_failure_without_a_place_is_reported_at_the_judged_resource() -> None:
    def follow(resource: Resource, graph: Graph, _spec: Any) -> Iterator[Finding]:
        graph.follow(resource.get("size"), "aws_y")
        yield finding(resource, "size", 1, 2)

    (problem,) = run_rule(each("size", follow), stack(a="${aws_y.gone.id}"), SPEC)
    assert isinstance(problem, Problem)
    assert (problem.address, problem.found) == ("aws_x.a", "${aws_y.gone.id}")


def test_a_finding_about_something_absent_belongs_to_a_file() -> None:
    def check(_graph: Graph, _spec: Any) -> Iterator[Finding]:
        yield absence("aws_x.missing", "a resource")

    (found,) = run_rule(whole("size", check), stack(a=1), SPEC)
    assert isinstance(found, Judged)
    assert (found.finding.provenance.file, found.finding.provenance.line) == ("cdk.tf.json", 1)


def test_provider_blocks_and_data_sources_are_judged_too() -> None:
    document = {
        "resource": {"aws_x": {"a": {}}},
        "data": {"aws_x": {"d": {"size": 2}}},
        "provider": {"aws": {"size": 3}},
    }
    loaded: LoadedRule = each("size", applies_to=("data.aws_x", "provider.aws"))
    findings, _ = run_rules([loaded], load_document(document), SPEC)
    assert [item.finding.address for item in findings] == ["data.aws_x.d", "provider.aws"]


def test_what_the_spec_does_not_state_is_an_error() -> None:
    def check(_graph: Graph, spec: Any) -> Iterator[Finding]:
        yield absence("aws_x.a", spec.get("task.cpu_units"))

    (problem,) = run_rule(whole("size", check), stack(a=1), load_spec("baseline"))
    assert isinstance(problem, Problem)
    assert "states nothing at task.cpu_units" in problem.message
