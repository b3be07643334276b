"""A dry run carries steps out as GitHub would: order, conditions, matrix, variables, what is handed on, and time."""

from pathlib import Path

import pytest

from delivery.ci.dry_run.running import Plan, StepRun, run_workflow
from delivery.ci.dry_run.surroundings import Account, clean, contexts, variables_of
from delivery.ci.dry_run.workflow import read_workflow
from delivery.errors import UserError

SIGNED_IN = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}


def run(folder: Path, jobs: str, *left_out: str, before: tuple[str, ...] = ()) -> list[StepRun]:
    file = folder / "flow.yml"
    file.write_text("on:\n  workflow_dispatch:\n    inputs:\n      who: {options: [one, two]}\njobs:\n" + jobs)
    workflow = read_workflow(file)
    account = Account("http://127.0.0.1:2", SIGNED_IN, folder)
    base = {"PATH": "/usr/bin:/bin", **variables_of(workflow, account)}
    return list(run_workflow(workflow, Plan(folder, base, contexts(workflow, {}, {}), account, left_out, before)))


def endings(runs: list[StepRun]) -> list[tuple[str, str]]:
    return [(done.title, str(done.ending)) for done in runs]


def test_steps_after_a_failure_are_skipped_but_for_those_that_always_run(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        """
  a:
    steps:
      - {run: echo before}
      - {run: echo said; echo wrong >&2; exit 3}
      - {run: echo after}
      - {run: echo cleaned, if: always()}
      - {run: echo reported, if: failure()}
""",
    )
    assert [ending for _, ending in endings(runs)] == ["passed", "FAILED", "skipped", "passed", "passed"]
    assert (runs[1].exit_code, runs[1].lines) == (3, ("said", "wrong"))


def test_a_job_waits_for_those_it_needs_and_is_skipped_when_one_failed(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        """
  report: {needs: [sweep, work], if: failure(), steps: [{run: echo report}]}
  next: {needs: work, steps: [{run: echo next}]}
  sweep: {needs: work, if: always(), steps: [{run: echo sweep}]}
  last: {needs: next, steps: [{run: echo last}]}
  work: {steps: [{run: "false"}]}
""",
    )
    assert dict(endings(runs)) == {
        "false": "FAILED",
        "echo next": "skipped",
        "echo last": "skipped",
        "echo sweep": "passed",
        "echo report": "passed",
    }
    assert runs[0].title == "false"


def test_every_combination_of_the_matrix_is_run_with_its_own_variables(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        """
  a:
    strategy: {matrix: {platform: [p, q], gate: "${{ fromJSON('[1, 2]') }}"}}
    env: {PLATFORM: "${{ matrix.platform }}", GATE: "${{ matrix.gate }}"}
    steps: [{run: 'echo "$PLATFORM$GATE" >> seen'}]
""",
    )
    assert (tmp_path / "seen").read_text().split() == ["p1", "p2", "q1", "q2"]
    assert [done.job for done in runs] == ["a p 1", "a p 2", "a q 1", "a q 2"]


def test_a_step_hands_variables_on_within_its_job_and_to_no_other(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
  a:
    steps:
      - run: echo SUFFIX=n-1 >> "$GITHUB_ENV"
      - run: echo "a$SUFFIX" >> seen
      - {run: 'echo "b$SUFFIX" >> seen', env: {SUFFIX: own}}
  b: {needs: a, steps: [{run: 'echo "c$SUFFIX" >> seen'}]}
""",
    )
    assert (tmp_path / "seen").read_text().split() == ["an-1", "bown", "c"]


def test_a_job_sees_the_account_only_after_it_has_signed_in(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        """
  a:
    steps:
      - {uses: actions/checkout@abc}
      - {run: 'test -z "${AWS_ENDPOINT_URL:-}"'}
      - {uses: aws-actions/configure-aws-credentials@abc}
      - {run: 'test "$AWS_ENDPOINT_URL" = http://127.0.0.1:1'}
""",
    )
    assert [ending for _, ending in endings(runs)] == ["not run", "passed", "simulated", "passed"]


SIGNING_IN = "\n  a: {steps: [{uses: aws-actions/configure-aws-credentials@abc}]}"


@pytest.mark.parametrize(("jobs", "times"), [(SIGNING_IN, 1), ("\n  a: {steps: [{run: echo}]}", 0)])
def test_an_account_is_prepared_before_a_workflow_that_signs_in_to_it(tmp_path: Path, jobs: str, times: int) -> None:
    before = 'test "$AWS_ENDPOINT_URL" = http://127.0.0.1:1'
    runs = run(tmp_path, jobs, before=(before,))
    assert [done.title for done in runs].count(before) == times
    assert {str(done.ending) for done in runs} <= {"passed", "simulated"}


def test_inputs_take_their_first_choice_and_commands_can_be_left_out(tmp_path: Path) -> None:
    runs = run(
        tmp_path,
        '\n  a: {env: {W: "${{ inputs.who }}"}, steps: [{run: make setup}, {run: test "$W" = one}]}',
        "make setup",
    )
    assert [ending for _, ending in endings(runs)] == ["left out", "passed"]


def test_a_step_that_takes_too_long_is_stopped_and_has_failed(tmp_path: Path) -> None:
    (done,) = run(tmp_path, "\n  a: {steps: [{run: sleep 60, timeout-minutes: 0.005}]}")
    assert (str(done.ending), done.exit_code, done.lines) == ("FAILED", 124, ("stopped after 0.3 seconds",))
    assert done.seconds < 30


def test_a_command_that_does_not_exist_has_failed(tmp_path: Path) -> None:
    (done,) = run(tmp_path, "\n  a: {steps: [{run: .venv/bin/paygate-of-tomorrow}]}")
    assert (str(done.ending), done.exit_code) == ("FAILED", 127)


@pytest.mark.parametrize("text", ["", "on: push", "jobs: [", "on: push\njobs: {a: {needs: b, steps: []}}"])
def test_a_file_that_is_no_workflow_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "flow.yml").write_text(text)
    with pytest.raises(UserError, match="not a workflow"):
        read_workflow(tmp_path / "flow.yml")


def test_nothing_of_the_users_account_or_run_reaches_a_step() -> None:
    outside = {
        "AWS_PROFILE": "mine",
        "GITHUB_TOKEN": "t",
        "ENVIRONMENT_SUFFIX": "s",
        "TOX_ENV_NAME": "unit",
        "HOME": "/h",
    }
    assert clean(outside) == {"HOME": "/h"}
