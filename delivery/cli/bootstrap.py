"""`paygate bootstrap`: what an account needs before its first deployment."""

import sys
from pathlib import Path

import click

from delivery.cli.options import (
    SECONDS_PER_MINUTE,
    conclude,
    json_option,
    observed,
    plugin_dir_option,
    timeout_option,
)
from delivery.errors import UserError
from delivery.lifecycle.bootstrapping import BREAKING, FINISHING, PREPARING, BootstrapRequest, bootstrapping
from delivery.lifecycle.delivering import Delivery
from delivery.processes.interrupts import cancel_on_signals
from delivery.synthesis import SETTINGS_FOLDER

DEFAULT_SETTINGS = SETTINGS_FOLDER / "bootstrap.yaml"


@click.command("bootstrap")
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    default=DEFAULT_SETTINGS,
    show_default="environments/bootstrap.yaml",
    help="Settings file.",
)
@plugin_dir_option
@timeout_option
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--break-lock", is_flag=True, help="First break the lock of the state: its run is over for good.")
@json_option
def command(
    settings: Path, plugin_dir: Path | None, timeout_minutes: float, yes: bool, break_lock: bool, as_json: bool
) -> int:
    """Make the state bucket and the CI role, once per account and region, with the credentials of an administrator.

    The JSON and the plan are judged by the spec `bootstrap`, the plan is shown and agreed to, and the state moves into
    the bucket as soon as there is one. Run again, it applies what has changed in the settings; interrupted, it goes on.
    Exit code 0 when all is made, 1 when a rule, terraform or you say no, 2 when it could not be tried.
    """
    if not yes and not sys.stdin.isatty():
        raise UserError("nobody is there to be asked", "paygate bootstrap", mend="Say --yes to apply without asking")
    request = BootstrapRequest(settings, plugin_dir, timeout_minutes * SECONDS_PER_MINUTE)
    with cancel_on_signals() as cancellation:
        with observed(cancellation, quiet=as_json) as around, bootstrapping(request, around) as run:
            ready = run.carry_out((*(BREAKING if break_lock else ()), *PREPARING))
            if ready:
                with around.observer.hidden():
                    ready = _agreed(run, yes=yes, quiet=as_json)
            if ready:
                run.carry_out(FINISHING)
        return conclude(run.report, as_json=as_json)


def _agreed(run: Delivery, *, yes: bool, quiet: bool) -> bool:
    """Show the plan; a plan without changes needs nobody's consent, and the state may still have to move."""
    planned = run.outcome("plan").data
    for change in planned.changes:
        click.echo(f"  {change.action:<8} {change.address}", err=quiet)
    if yes or not planned.has_changes:
        return True
    return click.confirm(f"Apply {run.outcome('plan').note} to account {run.target.account_id}?", err=quiet)
