"""The gate: one path in, one verdict out. It never raises; what goes wrong is an error of the verdict."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from policies.engine import judged_by, problem_of, run_rules
from policies.errors import GateError
from policies.graph import Graph
from policies.graph.load import load
from policies.registry import BOOTSTRAP_AREA, LoadedRule, all_rules
from policies.selfproof import SEEDED_RULE, prove_red
from policies.spec import Spec, load_spec, spec_for_stack
from policies.verdict import Problem, Verdict
from policies.waivers import WAIVERS, Waiver, apply_waivers, load_waivers


@dataclass(frozen=True)
class Run:
    """Everything that a run needs besides the graph."""

    spec: Spec
    rules: tuple[LoadedRule, ...]
    known: Mapping[str, tuple[str, ...]]
    rules_of_spec: int
    partial: bool
    waivers: tuple[Waiver, ...]
    today: date


def judge(
    path: Path,
    *,
    today: date,
    spec_name: str | None = None,
    only: Iterable[str] = (),
    waivers_path: Path = WAIVERS,
) -> Verdict:
    """Judge a folder, file, plan or state by a spec (chosen by the stack's name unless it is named).

    only: ids of the rules to run; the verdict is `partial` then. today: the day by which waivers expire.
    """
    spec_label = spec_name or ""
    try:
        graph = load(path)
        spec = load_spec(spec_name) if spec_name else spec_for_stack(graph.stack, str(path))
        spec_label = spec.name
        return judge_graph(graph, spec, today=today, only=only, waivers=load_waivers(waivers_path))
    except GateError as error:
        return broken(path, spec_label, str(error))
    except (Exception, SystemExit) as error:  # whatever it is, the stack has not been judged
        return broken(path, spec_label, f"the gate is broken: {type(error).__name__}: {error}")


def judge_graph(
    graph: Graph, spec: Spec, *, today: date, only: Iterable[str] = (), waivers: tuple[Waiver, ...] = ()
) -> Verdict:
    """Judge a loaded graph, after proving on a seeded copy of it that the gate can turn red. Raises GateError."""
    run = _run(spec, frozenset(only), waivers, today)
    seed = tuple(loaded for loaded in all_rules() if loaded.id == SEEDED_RULE)
    prove_red(graph, partial(_verdict, run=replace(run, rules=seed, partial=False, waivers=())))
    return _verdict(graph, run)


def broken(path: Path, spec: str, message: str) -> Verdict:
    """The verdict of a run that could not judge anything."""
    return Verdict(str(path), spec, 0, (), errors=(Problem("", message, file=str(path)),))


def rules_of(spec: Spec) -> tuple[LoadedRule, ...]:
    """The rules that a spec holds a stack to. GateError when it lists one that there is not."""
    if isinstance(spec.rules, str):
        of_platforms = tuple(loaded for loaded in all_rules() if loaded.area != BOOTSTRAP_AREA)
        return tuple(loaded for loaded in of_platforms if spec.rules == "all" or loaded.rule.baseline)
    known = {loaded.id: loaded for loaded in all_rules()}
    if unknown := sorted(set(spec.rules) - set(known)):
        raise GateError(f"spec {spec.name} lists rules that there are not", found=", ".join(unknown))
    return tuple(known[identity] for identity in sorted(spec.rules))


def _run(spec: Spec, only: frozenset[str], waivers: tuple[Waiver, ...], today: date) -> Run:
    rules = rules_of(spec)
    ids = {loaded.id for loaded in rules}
    if unknown := only - ids:
        raise GateError(
            f"spec {spec.name} has no such rule", found=", ".join(sorted(unknown)), allowed=", ".join(sorted(ids))
        )
    return Run(
        spec=spec,
        rules=tuple(loaded for loaded in rules if not only or loaded.id in only),
        known={loaded.id: loaded.rule.clauses for loaded in all_rules()},
        rules_of_spec=len(rules),
        partial=bool(only),
        waivers=tuple(item for item in waivers if not item.is_for_checkov),
        today=today,
    )


def _verdict(graph: Graph, run: Run) -> Verdict:
    findings, problems = run_rules(run.rules, graph, run.spec)
    ran = frozenset(loaded.id for loaded in run.rules)
    waived = apply_waivers(run.waivers, findings, spec=run.spec.name, rules=ran, known=run.known, today=run.today)
    return Verdict(
        source=graph.source,
        spec=run.spec.name,
        resources=len(graph),
        rules=tuple(loaded.rule for loaded in run.rules),
        findings=waived.findings,
        errors=(*_of_the_graph(graph, run), *problems, *waived.errors),
        notes=waived.notes,
        partial=run.partial,
        rules_of_spec=run.rules_of_spec,
    )


def _of_the_graph(graph: Graph, run: Run) -> Iterator[Problem]:
    """What no rule says: dangling references, and a stack that no rule has anything to say about."""
    if graph.kind == "json":  # Terraform itself has checked the references of a plan
        yield from (problem_of(failure, "", graph) for failure in graph.dangling)
    if not any(judged_by(loaded, graph) for loaded in run.rules):
        yield Problem("", "no rule applies to any resource here: nothing has been judged", file=graph.source)
