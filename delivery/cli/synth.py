"""`paygate synth`: settings file to Terraform JSON."""

import os
from pathlib import Path

import click

from delivery.cli import completion
from delivery.errors import UserError
from delivery.processes.interrupts import cancel_on_signals
from delivery.synthesis import settings_of, suffix_of, synthesize


@click.command("synth")
@click.option(
    "--platform",
    shell_complete=completion.platforms,
    help="Platform to synthesize: environments/PLATFORM.ENVIRONMENT.yaml.",
)
@click.option("--environment", help="Environment of --platform (default: production).")
@click.option("--settings", type=click.Path(path_type=Path), help="Settings file, instead of --platform.")
@click.option("--suffix", help="Environment suffix that every name carries (default: $ENVIRONMENT_SUFFIX).")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to (default: cdktf.out).")
def command(
    platform: str | None, environment: str | None, settings: Path | None, suffix: str | None, out: Path | None
) -> None:
    """Write the Terraform JSON of a platform from its settings file.

    Prints the stack's name and the path of its cdk.tf.json.
    """
    if (platform is None) == (settings is None):
        raise UserError("give exactly one of --platform and --settings", found="both" if platform else "neither")
    if settings and environment:
        raise UserError(
            "--environment goes with --platform", found=f"--settings {settings} --environment {environment}"
        )
    file = settings or settings_of(str(platform), environment or "production")
    with cancel_on_signals() as cancellation:
        synthesized = synthesize(
            file, suffix_of(suffix, os.environ), out=out, environment=os.environ, cancellation=cancellation
        )
    click.echo(f"{synthesized.stack} {synthesized.file}")
