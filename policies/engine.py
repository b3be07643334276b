"""Runs rules over a graph. Whatever goes wrong inside a rule becomes an error of the verdict, never a pass."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from policies.graph import Graph, MalformedError, Provenance, ReadError, Resource
from policies.graph.templates import TemplateError
from policies.registry import LoadedRule
from policies.rule import Finding
from policies.spec import Spec
from policies.verdict import Judged, Problem

Outcome = Judged | Problem


def run_rules(rules: Iterable[LoadedRule], graph: Graph, spec: Spec) -> tuple[tuple[Judged, ...], tuple[Problem, ...]]:
    """Every finding and every problem of these rules, in order of rule and source."""
    outcomes = [outcome for loaded in rules for outcome in run_rule(loaded, graph, spec)]
    return (
        tuple(item for item in outcomes if isinstance(item, Judged)),
        tuple(item for item in outcomes if isinstance(item, Problem)),
    )


def run_rule(loaded: LoadedRule, graph: Graph, spec: Spec) -> Iterator[Outcome]:
    """One rule over the whole graph."""
    check, check_each = loaded.check, loaded.check_each
    if check is not None:
        yield from _guarded(loaded, graph, None, partial(check, graph, spec))
    if check_each is not None:
        for resource in judged_by(loaded, graph):
            yield from _guarded(loaded, graph, resource, partial(check_each, resource, graph, spec))


def judged_by(loaded: LoadedRule, graph: Graph) -> tuple[Resource, ...]:
    """The resources a rule applies to, provider blocks included."""
    judges = loaded.rule.judges
    kinds = [kind for kind in graph.kinds if judges(kind)]
    return graph.of_type(*kinds) + tuple(item for item in graph.providers if judges(item.kind))


def _guarded(
    loaded: LoadedRule, graph: Graph, resource: Resource | None, call: Callable[[], Iterable[Finding]]
) -> Iterator[Outcome]:
    try:
        for found in call():
            if not isinstance(found, Finding):
                raise TypeError(f"a rule must yield findings, not {type(found).__name__}")
            yield Judged(loaded.rule, _placed(found, graph))
    except ReadError as failure:
        yield problem_of(failure, loaded.id, graph, resource)
    except TemplateError as error:  # the gate's own check of references tells where it stands
        address = resource.address if resource else ""
        yield problem_of(MalformedError(address, "", str(error), "whole templates"), loaded.id, graph, resource)
    except RecursionError:
        yield _crash(loaded, resource, "RecursionError: a value is nested deeper than anything real")
    except (Exception, SystemExit) as error:  # a rule that crashes, or exits, has judged nothing
        yield _crash(loaded, resource, f"{type(error).__name__}: {error}")


def _placed(found: Finding, graph: Graph) -> Finding:
    """The finding with a file: one about something absent belongs to the first file of the stack."""
    if found.provenance.file:
        return found
    first = next(iter(graph.resources.values()), None)
    return replace(found, provenance=Provenance(first.provenance.file, 1)) if first else found


def problem_of(failure: ReadError, rule: str, graph: Graph, resource: Resource | None = None) -> Problem:
    """A value that could not be read, as a problem at its place."""
    address = failure.address or (resource.address if resource else "")
    place = graph.resources.get(address, resource)
    provenance = place.provenance if place else None
    return Problem(
        rule=rule,
        message=f"{type(failure).__name__.removesuffix('Error').lower()} value: expected {failure.expected}",
        address=address,
        attribute=failure.attribute,
        found=failure.found,
        expected=failure.expected,
        construct_path=provenance.construct_path if provenance else "",
        file=provenance.file if provenance else "",
        line=provenance.line if provenance else 0,
    )


def _crash(loaded: LoadedRule, resource: Resource | None, message: str) -> Problem:
    provenance = resource.provenance if resource else None
    return Problem(
        rule=loaded.id,
        message=f"the rule crashed: {message}",
        address=resource.address if resource else "",
        construct_path=provenance.construct_path if provenance else "",
        file=provenance.file if provenance else "",
        line=provenance.line if provenance else 0,
    )
