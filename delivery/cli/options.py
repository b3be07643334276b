"""Options that the commands of a delivery share, and how they become a request."""

import functools
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from delivery.cli.display import PlainDisplay, show_progress
from delivery.cli.summary import as_data, summary_lines
from delivery.errors import UserError
from delivery.lifecycle.delivering import DeliveryRequest
from delivery.lifecycle.pipeline import Surroundings
from delivery.lifecycle.runs import Report
from delivery.processes.interrupts import Cancellation
from delivery.synthesis import settings_of, suffix_of

SECONDS_PER_MINUTE = 60.0
Command = Callable[..., Any]


def finite(_context: click.Context, _option: click.Parameter, minutes: float) -> float:
    """FloatRange lets nan and infinity through, and with them a wait without an end."""
    if not math.isfinite(minutes):
        raise click.BadParameter(f"{minutes} is no number of minutes.")
    return minutes


timeout_option = click.option(
    "--timeout-minutes",
    type=click.FloatRange(0.1),
    callback=finite,
    default=20.0,
    show_default=True,
    help="For each plan and apply.",
)
plugin_dir_option = click.option(
    "--plugin-dir", type=click.Path(path_type=Path), help="Provider mirror folder (or $PAYGATE_PLUGIN_DIR)."
)

_STACK_OPTIONS = (
    click.option("--platform", help="environments/PLATFORM.ENVIRONMENT.yaml."),
    click.option("--environment", default="production", show_default=True, help="Environment of --platform."),
    click.option("--settings", type=click.Path(path_type=Path), help="Settings file, instead of --platform."),
    click.option("--suffix", help="Environment suffix that every name carries (default: $ENVIRONMENT_SUFFIX)."),
    plugin_dir_option,
    click.option("--state-bucket", help="Bucket of the state (default: paygate-state-ACCOUNT-REGION)."),
    timeout_option,
)


def delivery_options(command: Command) -> Command:
    """Give a command the options that say which stack is meant; it gets them as one `request`."""

    @functools.wraps(command)
    def with_request(
        platform: str | None,
        environment: str,
        settings: Path | None,
        suffix: str | None,
        plugin_dir: Path | None,
        state_bucket: str | None,
        timeout_minutes: float,
        **rest: Any,
    ) -> Any:
        request = DeliveryRequest(
            settings_file=settings_file_of(platform, environment, settings),
            suffix=suffix_of(suffix, os.environ),
            plugin_folder=plugin_dir,
            state_bucket=state_bucket,
            step_seconds=timeout_minutes * SECONDS_PER_MINUTE,
        )
        return command(request=request, **rest)

    for option in reversed(_STACK_OPTIONS):
        with_request = option(with_request)
    return with_request


def settings_file_of(platform: str | None, environment: str, settings: Path | None) -> Path:
    """The one settings file that is meant. UserError when none is, or two are."""
    if (platform is None) == (settings is None):
        found = "both" if platform else "neither"
        raise UserError("give exactly one of --platform, --settings", found=found)
    return settings or settings_of(platform or "", environment)


@contextmanager
def observed(cancellation: Cancellation, *, quiet: bool = False) -> Iterator[Surroundings]:
    """A display while something runs; quiet: progress goes to stderr, so that stdout is for data alone."""
    if quiet:
        yield Surroundings(os.environ, PlainDisplay(sys.stderr), cancellation)
        return
    with show_progress() as observer:
        yield Surroundings(os.environ, observer, cancellation)


def conclude(report: Report, *, as_json: bool, **more: Any) -> int:
    """Print the summary, as text or as one JSON object that also holds `more`; returns the exit code."""
    if as_json:
        click.echo(json.dumps({**as_data(report), **more}, indent=2))
    else:
        click.echo()
        for line in summary_lines(report):
            click.echo(line)
    return report.exit_code


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object; progress goes to stderr.")
