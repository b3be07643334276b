"""The workflows hold no logic, no key and no more permission than they need, and what they call exists."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from delivery.ci.dry_run.workflow import FOLDER, Job, Step, Workflow, workflows
from delivery.cli.main import cli

ROOT = Path(__file__).parents[2]
WORKFLOWS = workflows()
FILES = sorted(FOLDER.glob("*.yml"))
ALL_JOBS = [(flow, job) for flow in WORKFLOWS.values() for job in flow.jobs.values()]
JOBS = [pytest.param(flow, job, id=f"{flow.name}: {job.name}") for flow, job in ALL_JOBS]
RUNS = sorted({step.run for _, job in ALL_JOBS for step in job.steps if step.run})
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
CALL = re.compile(r"make setup|\.venv/bin/(tox|paygate)( [\w./-]+| \"[$\w ]+\")+")
# Permissions beyond reading the repository, and the job that may have each.
GRANTED = {
    ("pull-request", "evidence"): {"security-events"},
    ("pull-request", "plan"): {"id-token", "pull-requests"},
    ("nightly", "deployment"): {"id-token"},
    ("nightly", "sweep"): {"id-token"},
    ("nightly", "report"): {"issues"},
    ("deploy", "deploy"): {"id-token"},
}


def signs_in(step: Step) -> bool:
    return (step.uses or "").startswith("aws-actions/configure-aws-credentials@")


def action_lines(file: Path) -> list[str]:
    return [line.strip(" -") for line in file.read_text(encoding="utf-8").splitlines() if "uses: " in line]


def documents() -> list[tuple[str, dict[Any, Any]]]:
    return [(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in FILES]


def test_the_three_workflows_are_there() -> None:
    assert set(WORKFLOWS) == {"pull-request", "nightly", "deploy"}


@pytest.mark.parametrize("call", RUNS)
def test_a_run_line_is_one_call_and_holds_no_expression(call: str) -> None:
    assert CALL.fullmatch(call)


@pytest.mark.parametrize("call", [call for call in RUNS if "/paygate " in call])
def test_every_paygate_command_and_option_exists(call: str) -> None:
    words = shlex.split(call)[1:]
    command: click.Command = cli
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"paygate has no command {words[0]}"
        command, words = found, words[1:]
    command.make_parser(click.Context(command)).parse_args(list(words))


def test_every_tox_environment_exists() -> None:
    tox = ConfigParser()
    tox.read(ROOT / "tox.ini")
    known = {name.removeprefix("testenv:") for name in tox.sections() if name.startswith("testenv:")}
    gates = WORKFLOWS["pull-request"].jobs["gates"].matrix["gate"]
    named = {shlex.split(call)[2] for call in RUNS if "/tox " in call} - {"$GATE"}
    assert {*gates, *named} == known
    assert {*gates, "clauses"} == {name.strip() for name in tox["tox"]["env_list"].split(",")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_action_is_pinned_by_commit_with_its_version(file: Path) -> None:
    assert action_lines(file)
    assert [line for line in action_lines(file) if not PINNED.fullmatch(line)] == []


def test_an_action_has_one_version_in_all_workflows() -> None:
    lines = {line for file in FILES for line in action_lines(file)}
    actions = [line.partition("@")[0] for line in lines]
    assert len(actions) == len(set(actions))


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_a_job_has_what_it_needs_and_no_more(workflow: Workflow, job: Job) -> None:
    assert workflow.permissions == {}
    assert job.permissions is not None
    beyond = GRANTED.get((workflow.name, job.name), set())
    assert dict(job.permissions) == {"contents": "read", **dict.fromkeys(beyond, "write")}
    assert any(signs_in(step) for step in job.steps) is ("id-token" in beyond)


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_a_job_ends_in_time_and_its_steps_leave_time_for_what_always_runs(workflow: Workflow, job: Job) -> None:
    assert workflow.concurrency
    assert job.timeout_minutes
    assert sum(step.timeout_minutes or 0 for step in job.steps) < job.timeout_minutes


@pytest.mark.parametrize(("name", "document"), documents())
def test_nothing_is_checked_out_with_credentials_that_stay(name: str, document: dict[Any, Any]) -> None:
    steps = [step for job in document["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(document["jobs"])
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize(("name", "document"), documents())
def test_credentials_come_from_federation_in_a_protected_environment(name: str, document: dict[Any, Any]) -> None:
    assert "secrets." not in (FOLDER / f"{name}.yml").read_text()
    for job in document["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("aws-actions/configure-aws-credentials@"):
                assert "environment" in job
                assert step["with"]["role-to-assume"].startswith("${{ vars.")
                assert not {"aws-access-key-id", "aws-secret-access-key"} & set(step["with"])


def test_a_fork_gets_no_credentials() -> None:
    assert WORKFLOWS["pull-request"].events == ("pull_request",)
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    jobs = WORKFLOWS["pull-request"].jobs
    assert own in (jobs["plan"].condition or "")
    assert [name for name, job in jobs.items() if any(signs_in(step) for step in job.steps)] == ["plan"]


def test_a_night_always_destroys_sweeps_and_reports() -> None:
    nightly = WORKFLOWS["nightly"]
    destroy = next(step for step in nightly.jobs["deployment"].steps if " destroy " in (step.run or ""))
    before = nightly.jobs["deployment"].steps[nightly.jobs["deployment"].steps.index(destroy) - 1]
    assert (destroy.condition, before.condition) == ("always()", "always()")
    assert signs_in(before)  # those of the job's begin have run out after a long night
    assert nightly.jobs["sweep"].condition == "always()"
    assert nightly.jobs["report"].condition == "failure()"
