"""`paygate gate`: Terraform JSON, a plan or a state to a verdict."""

from datetime import date
from pathlib import Path

import click

from delivery.cli import completion
from policies.report import FORMATS, render


@click.command("gate")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--spec",
    shell_complete=completion.specs,
    help="Spec to judge by (default: the one of the stack; `baseline` fits any Fargate stack).",
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="Report.")
@click.option(
    "--only",
    multiple=True,
    metavar="RULE",
    shell_complete=completion.rules,
    help="Run this rule alone (repeatable); never a pass.",
)
@click.option("--checkov", is_flag=True, help="Run the rules through Checkov too, and its built-in checks with them.")
def command(path: Path, spec: str | None, form: str, only: tuple[str, ...], checkov: bool) -> int:
    """Judge PATH against the rules of its spec.

    PATH is a folder with *.tf.json, one such file, or what `terraform show -json` prints of a plan or a state.
    Exit code: 0 every rule ran and nothing is left, 1 findings, 2 something could not be judged.
    """
    if checkov:
        from policies.checkov_gate import judge_with_checkov as judged
    else:
        from policies.gate import judge as judged
    verdict = judged(path, today=date.today(), spec_name=spec, only=only)
    click.echo(render(verdict, form).encode("utf-8"), nl=False)
    return verdict.exit_code
