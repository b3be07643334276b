"""Carry out a workflow: each `run:` in a shell as GitHub starts it, each `uses:` told as not run."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from delivery.ci.dry_run.expressions import Scope, as_text, fill_in, holds
from delivery.ci.dry_run.surroundings import Account
from delivery.ci.dry_run.workflow import Job, Step, Workflow
from delivery.processes.supervised import TimedOutError, run_supervised

SIGN_IN = "aws-actions/configure-aws-credentials"
PREPARED = "(the empty account)"
LONGEST_STEP_MINUTES = 60.0
GRACE_SECONDS = 120.0  # what a command that is stopped may take to clean up
SECONDS_PER_MINUTE = 60.0
TIMED_OUT = 124  # as timeout(1) has it
KEPT_LINES = 30


class Ending(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "FAILED"
    SKIPPED = "skipped"
    SIMULATED = "simulated"
    NOT_RUN = "not run"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class StepRun:
    """One step of one job of one combination; lines: the end of what a failed step wrote."""

    job: str
    title: str
    ending: Ending
    seconds: float = 0.0
    exit_code: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """How to run: the variables and contexts of all jobs, commands that are told as left out instead of run, and those
    that make an empty account fit for the workflow before it starts.
    """

    folder: Path
    base: Mapping[str, str]
    contexts: Mapping[str, Any]
    account: Account
    left_out: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    on_start: Callable[[str, str], None] = lambda _job, _title: None


@dataclass
class _JobState:
    """What the steps of a job leave to those after them."""

    handed_on: dict[str, str] = field(default_factory=dict)
    signed_in: bool = False
    failed: bool = False


def run_workflow(workflow: Workflow, plan: Plan) -> Iterator[StepRun]:
    """Every step in order, as it ends. A job whose condition does not hold has all its steps skipped."""
    if any(step.title == SIGN_IN for job in workflow.jobs.values() for step in job.steps):
        yield from (_prepare(command, plan) for command in plan.before)
    ended: dict[str, str] = {}
    for job in workflow.jobs.values():
        needed = [ended[name] for name in job.needs]
        scope = Scope(plan.contexts, failed="failure" in needed, skipped="skipped" in needed)
        if not holds(job.condition, scope):
            ended[job.name] = "skipped"
            yield from (StepRun(job.name, step.title, Ending.SKIPPED) for step in job.steps)
            continue
        failed = False
        for matrix in job.combinations(scope):
            for step_run in _run_job(job, matrix, plan):
                failed |= step_run.ending is Ending.FAILED
                yield step_run
        ended[job.name] = "failure" if failed else "success"


def _prepare(command: str, plan: Plan) -> StepRun:
    plan.on_start(PREPARED, command)
    step = Step(command, None, None, {}, None)
    return replace(_execute(step, {**plan.base, **plan.account.signed_in}, _JobState(), plan), job=PREPARED)


def _run_job(job: Job, matrix: Mapping[str, Any], plan: Plan) -> Iterator[StepRun]:
    state = _JobState()
    contexts = {**plan.contexts, "matrix": matrix}
    name = " ".join([job.name, *map(str, matrix.values())])
    for step in job.steps:
        scope = Scope(contexts, failed=state.failed)
        step_run = replace(_run_step(job, step, scope, state, plan, name), job=name)
        state.failed |= step_run.ending is Ending.FAILED
        yield step_run


def _run_step(job: Job, step: Step, scope: Scope, state: _JobState, plan: Plan, name: str) -> StepRun:
    if not holds(step.condition, scope):
        return StepRun(name, step.title, Ending.SKIPPED)
    if step.run is None:
        state.signed_in |= step.title == SIGN_IN
        return StepRun(name, step.title, Ending.SIMULATED if step.title == SIGN_IN else Ending.NOT_RUN)
    if step.run.strip() in plan.left_out:
        return StepRun(name, step.title, Ending.LEFT_OUT)
    plan.on_start(name, step.title)
    return _execute(step, _environment([job.environment, step.environment], scope, state, plan), state, plan)


def _environment(layers: Sequence[Mapping[str, Any]], scope: Scope, state: _JobState, plan: Plan) -> dict[str, str]:
    """Later layers win, as on GitHub: what steps handed on, then the job's, then the step's own."""
    variables = {**plan.base, **(plan.account.signed_in if state.signed_in else {}), **state.handed_on}
    for layer in layers:
        variables |= {name: as_text(fill_in(value, scope)) for name, value in layer.items()}
    return variables


def _execute(step: Step, environment: Mapping[str, str], state: _JobState, plan: Plan) -> StepRun:
    handing_on = plan.account.folder / "variables"
    handing_on.write_text("")
    lines: list[str] = []
    minutes, started = step.timeout_minutes or LONGEST_STEP_MINUTES, time.monotonic()
    try:
        done = run_supervised(
            ["bash", "-e", "-c", step.run or ""],
            cwd=plan.folder,
            environment={**environment, "GITHUB_ENV": str(handing_on)},
            timeout_seconds=minutes * SECONDS_PER_MINUTE,
            grace_seconds=GRACE_SECONDS,
            on_line=lines.append,
        )
        exit_code, errors = done.exit_code, done.stderr.splitlines()
    except TimedOutError as error:
        exit_code, errors = TIMED_OUT, [str(error)]
    state.handed_on |= dict(line.split("=", 1) for line in handing_on.read_text().splitlines() if "=" in line)
    ending = Ending.FAILED if exit_code else Ending.PASSED
    kept = tuple([*(line.rstrip() for line in lines), *errors][-KEPT_LINES:]) if exit_code else ()
    return StepRun("", step.title, ending, time.monotonic() - started, exit_code, kept)
