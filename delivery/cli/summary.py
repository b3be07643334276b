"""The last word of a run: a table of its steps, what was dropped and left, what failed, how to reach it."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from delivery.lifecycle.deployment import Status, StepResult
from delivery.lifecycle.runs import KeptRun, Report


def summary_lines(report: Report) -> Iterator[str]:
    """The summary, line by line, ready to print."""
    width = max((len(result.name) for result in report.results), default=0)
    for result in report.results:
        yield f"{result.name:<{width}}  {result.seconds:7.1f} s  {result.status:<7}  {result.outcome.note}".rstrip()
    for result in report.results:
        yield from _titled(result)
    for result in report.results:
        if result.status is Status.FAILED:
            yield f"\n{result.name} failed: {result.error}"
    if report.kept:
        yield from _kept(report.kept)
    elif report.folder:
        yield f"\nstate and plan are left for a look in {report.folder}"
    yield f"\n{verdict(report)}"


def as_data(report: Report) -> dict[str, Any]:
    """The same for programs: `verdict`, `exit_code`, the steps in order, and the folder that is left for a look."""
    return {
        "verdict": verdict(report),
        "exit_code": report.exit_code,
        "folder": str(report.folder) if report.folder else None,
        "steps": [
            {
                "platform": result.platform,
                "step": result.step,
                "status": str(result.status),
                "seconds": round(result.seconds, 1),
                "note": result.outcome.note,
                "lines": list(result.outcome.lines),
                "error": result.error,
            }
            for result in report.results
        ],
    }


def verdict(report: Report) -> str:
    """`passed` or `FAILED`, and why."""
    failed = [result for result in report.results if result.status is Status.FAILED]
    if failed:
        return "FAILED: " + ", ".join(result.name for result in failed)
    return "passed"


def _titled(result: StepResult) -> Iterator[str]:
    for number, line in enumerate(result.outcome.lines):
        yield f"\n{result.name}: {line}" if number == 0 else line


def _kept(kept: KeptRun) -> Iterator[str]:
    yield f"\nkept: {kept.id}, on {kept.endpoint}; it runs until it is destroyed (log: {kept.log_file})"
    yield "reach it:"
    variables = kept.stacks[0].aws_variables
    yield "  export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    yield f"  {_program('python')} -c \"import boto3; print(boto3.client('ecs').list_clusters()['clusterArns'])\""
    for stack in kept.stacks:
        yield f"  terraform -chdir={shlex.quote(stack.workspace)} state list"
    yield f"destroy it:\n  {_program('paygate')} sandbox --destroy {shlex.quote(str(kept.folder))}"


def _program(name: str) -> str:
    """A program of our environment, as it is to be typed in the current folder."""
    path = Path(sys.executable).parent / name
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
