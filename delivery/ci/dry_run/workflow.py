"""A workflow file as jobs and steps."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from delivery.ci.dry_run.expressions import Scope, fill_in
from delivery.errors import UserError

FOLDER = Path(__file__).parents[3] / ".github" / "workflows"


@dataclass(frozen=True)
class Step:
    """One step: it runs a command or uses an action. timeout_minutes: None where the step sets none."""

    run: str | None
    uses: str | None
    condition: str | None
    environment: Mapping[str, Any]
    timeout_minutes: float | None

    @property
    def title(self) -> str:
        return self.run or (self.uses or "").partition("@")[0]


@dataclass(frozen=True)
class Job:
    """One job; matrix: values by axis, a list or an expression that yields one."""

    name: str
    needs: tuple[str, ...]
    condition: str | None
    matrix: Mapping[str, Any]
    environment: Mapping[str, Any]
    steps: tuple[Step, ...]
    permissions: Mapping[str, str] | None
    timeout_minutes: float | None

    def combinations(self, scope: Scope) -> Iterator[dict[str, Any]]:
        """The combinations of the matrix, in the order that GitHub starts them; one empty one without a matrix."""
        axes = {axis: fill_in(values, scope) for axis, values in self.matrix.items()}
        for values in itertools.product(*axes.values()):
            yield dict(zip(axes, values, strict=True))


@dataclass(frozen=True)
class Workflow:
    """One file, its jobs in an order in which none comes before what it needs; inputs: what a person may choose."""

    name: str
    jobs: Mapping[str, Job]
    events: tuple[str, ...]
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    permissions: Mapping[str, str] | None = None
    concurrency: Mapping[str, Any] | None = None


def workflows(folder: Path = FOLDER) -> dict[str, Workflow]:
    """Every workflow by its file's name without the ending."""
    return {file.stem: read_workflow(file) for file in sorted(folder.glob("*.yml"))}


def read_workflow(file: Path) -> Workflow:
    """UserError when the file cannot be read as a workflow."""
    import yaml

    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        triggers = document[True]  # YAML 1.1 reads the key `on` as true
        jobs = {name: _job(name, job) for name, job in document["jobs"].items()}
        dispatch = triggers.get("workflow_dispatch") or {}
        return Workflow(
            name=file.stem,
            jobs=_in_order(jobs),
            events=tuple(triggers),
            inputs=dispatch.get("inputs") or {},
            permissions=document.get("permissions"),
            concurrency=document.get("concurrency"),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise UserError("not a workflow", str(file), f"{type(error).__name__}: {error}") from error


def _job(name: str, job: Mapping[str, Any]) -> Job:
    needs = job.get("needs") or ()
    return Job(
        name=name,
        needs=(needs,) if isinstance(needs, str) else tuple(needs),
        condition=_condition(job),
        matrix=(job.get("strategy") or {}).get("matrix") or {},
        environment=job.get("env") or {},
        steps=tuple(_step(step) for step in job["steps"]),
        permissions=job.get("permissions"),
        timeout_minutes=job.get("timeout-minutes"),
    )


def _step(step: Mapping[str, Any]) -> Step:
    return Step(step.get("run"), step.get("uses"), _condition(step), step.get("env") or {}, step.get("timeout-minutes"))


def _condition(holder: Mapping[str, Any]) -> str | None:
    return str(holder["if"]) if "if" in holder else None


def _in_order(jobs: Mapping[str, Job]) -> dict[str, Job]:
    ordered: dict[str, Job] = {}
    while len(ordered) < len(jobs):
        ready = [job for job in jobs.values() if job.name not in ordered and set(job.needs) <= set(ordered)]
        if not ready:
            raise KeyError(f"jobs that need each other, or one that is not there: {sorted(set(jobs) - set(ordered))}")
        ordered |= {job.name: job for job in ready}
    return ordered
