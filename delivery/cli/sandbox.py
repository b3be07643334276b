"""`paygate sandbox`: a platform from its settings to an emulated AWS and back to nothing."""

import os
from pathlib import Path

import click

from delivery.cli.options import SECONDS_PER_MINUTE, observed, plugin_dir_option, timeout_option
from delivery.cli.summary import summary_lines
from delivery.errors import UserError
from delivery.lifecycle.kept import destroy_kept
from delivery.lifecycle.runs import Report, find_kept_run, kept_runs
from delivery.lifecycle.sandbox import SandboxRequest, run_sandbox
from delivery.processes.interrupts import cancel_on_signals
from delivery.synthesis import settings_of, suffix_of

DEFAULT_SUFFIX = "sbx"


@click.command("sandbox")
@click.option("--platform", "platforms", multiple=True, help="environments/PLATFORM.ENVIRONMENT.yaml; may be repeated.")
@click.option("--environment", default="production", show_default=True, help="Environment of --platform.")
@click.option("--settings", type=click.Path(path_type=Path), multiple=True, help="Settings file; may be repeated.")
@click.option("--suffix", help=f"Environment suffix (default: $ENVIRONMENT_SUFFIX, else {DEFAULT_SUFFIX}).")
@plugin_dir_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Loopback port (default: a free one).")
@timeout_option
@click.option("--keep", is_flag=True, help="Leave it running, and print how to reach and destroy it.")
@click.option("--destroy", "kept", metavar="RUN", help="Destroy what --keep left running: a run's id or folder.")
@click.option("--list", "list_kept", is_flag=True, help="List what --keep left running.")
def command(
    platforms: tuple[str, ...],
    environment: str,
    settings: tuple[Path, ...],
    suffix: str | None,
    plugin_dir: Path | None,
    port: int,
    timeout_minutes: float,
    keep: bool,
    kept: str | None,
    list_kept: bool,
) -> int:
    """Synthesize, apply, plan again, check and destroy platforms on an emulated AWS on this machine.

    Exit code 0 when every step passed, 1 when one failed, 2 when it could not be tried.
    """
    wanted = {"--platform": platforms, "--settings": settings, "--destroy": kept, "--list": list_kept}
    given = [name for name, value in wanted.items() if value]
    if len(given) != 1:
        raise UserError(f"give exactly one of {', '.join(wanted)}", found=", ".join(given) or "none of them")
    if list_kept:
        return _list()
    step_seconds = timeout_minutes * SECONDS_PER_MINUTE
    with cancel_on_signals() as cancellation:
        with observed(cancellation) as around:
            if kept:
                report = destroy_kept(find_kept_run(kept), around, step_seconds)
            else:
                files = settings or tuple(settings_of(platform, environment) for platform in platforms)
                report = run_sandbox(
                    SandboxRequest(
                        settings_files=files,
                        suffix=suffix_of(suffix, os.environ, DEFAULT_SUFFIX),
                        plugin_folder=plugin_dir,
                        port=port,
                        keep=keep,
                        step_seconds=step_seconds,
                    ),
                    around,
                )
        return _conclude(report)


def _conclude(report: Report) -> int:
    if report.kept:
        from delivery.sandbox.emulator import detach

        detach(report.kept.endpoint)
    click.echo()
    for line in summary_lines(report):
        click.echo(line)
    return report.exit_code


def _list() -> int:
    if not kept_runs():
        click.echo("no run is kept here")
    for run in kept_runs():
        platforms = ", ".join(stack.platform for stack in run.stacks)
        click.echo(f"{run.id}  {run.endpoint}  {'running' if run.emulator.alive else 'gone'}  {platforms}")
    return 0
