"""`paygate ci ...`: what the workflows call beside the commands that people use."""

import os
from datetime import date
from pathlib import Path

import click

from delivery.ci import job
from delivery.cli import completion
from delivery.errors import UserError
from delivery.synthesis import SUFFIX_VARIABLE, settings_of, suffix_of, synthesize

EVIDENCE_FOLDER = Path("reports/evidence")
platform_option = click.option(
    "--platform", required=True, shell_complete=completion.platforms, help="environments/PLATFORM.ENVIRONMENT.yaml."
)
environment_option = click.option(
    "--environment", default="production", show_default=True, help="Environment of --platform."
)


@click.group("ci")
def command() -> None:
    """What the workflows call: a suffix that fits, evidence, the comment of a plan, the issue of a failure."""


@command.command("suffix")
@platform_option
@environment_option
def suffix_command(platform: str, environment: str) -> None:
    """Print `nightly-<run>`, shortened until every name fits, and set ENVIRONMENT_SUFFIX for the steps that follow."""
    import tempfile

    from delivery.ci.suffix import Refusal, candidates, first_that_fits

    settings = settings_of(platform, environment)

    def refused(suffix: str) -> Refusal:
        with tempfile.TemporaryDirectory() as folder:
            try:
                synthesize(settings, suffix, out=Path(folder), environment=os.environ)
            except UserError as error:
                return error
        return None

    suffix = first_that_fits(candidates(job.run_number(os.environ)), refused)
    job.hand_on(os.environ, SUFFIX_VARIABLE, suffix)
    click.echo(suffix)


@command.command("evidence")
@platform_option
@environment_option
@click.option("--suffix", help=f"Environment suffix (default: ${SUFFIX_VARIABLE}).")
@click.option("--out", type=click.Path(path_type=Path), default=EVIDENCE_FOLDER, show_default=True, help="Folder.")
def evidence_command(platform: str, environment: str, suffix: str | None, out: Path) -> int:
    """Synthesize and judge a platform, and write the verdict as JSON, SARIF, JUnit and text to OUT/PLATFORM.

    The exit code is that of the gate: 0 passed, 1 findings, 2 something could not be judged.
    """
    from delivery.ci.evidence import write_evidence

    made = synthesize(
        settings_of(platform, environment),
        suffix_of(suffix, os.environ),
        out=out / "cdktf.out",
        environment=os.environ,
    )
    verdict = write_evidence(made.file.parent, out / platform, date.today())
    click.echo((out / platform / "verdict.txt").read_text(encoding="utf-8"), nl=False)
    return verdict.exit_code


@command.command("comment")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, help="The subject; a comment of the same subject is written over.")
def comment_command(file: Path, key: str) -> None:
    """Put the Markdown of FILE on the pull request of the job, over what an earlier run wrote."""
    from delivery.ci.comments import put_comment

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("no text to comment with", str(file), str(error)) from error
    click.echo(put_comment(job.github_of(os.environ), job.pull_request_number(os.environ), key, text))


@command.command("issue")
@click.option("--title", required=True, help="While an issue of this title is open, it gets a comment instead.")
@click.option("--label", default="nightly", show_default=True, help="Label to file it under.")
def issue_command(title: str, label: str) -> None:
    """Open an issue about the run of the job."""
    from delivery.ci.issues import report_failure

    text = f"{job.run_address(os.environ)} failed. Its artifacts have the reports; docs/runbooks has what to do."
    click.echo(report_failure(job.github_of(os.environ), title, text, label))
