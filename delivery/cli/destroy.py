"""`paygate destroy`: a deployed stack back to nothing."""

import sys

import click

from delivery.cli.options import conclude, delivery_options, json_option, observed
from delivery.errors import UserError
from delivery.lifecycle.delivering import Delivery, DeliveryRequest, delivery
from delivery.lifecycle.sequences import DESTROYING, OPENING
from delivery.processes.interrupts import cancel_on_signals


@click.command("destroy")
@delivery_options
@click.option("--yes", is_flag=True, help="Destroy without asking for the stack's name.")
@json_option
def command(request: DeliveryRequest, yes: bool, as_json: bool) -> int:
    """Destroy everything that the state of a stack holds, and say what AWS keeps by design.

    Asks for the stack's name first. Exit code: 0 nothing is left, 1 something is, 2 it could not be tried.
    """
    if not yes and not sys.stdin.isatty():
        raise UserError("nobody is there to be asked", "paygate destroy", mend="Say --yes to destroy without asking")
    with cancel_on_signals() as cancellation:
        with observed(cancellation, quiet=as_json) as around, delivery(request, around) as run:
            ready = run.carry_out(OPENING)
            if ready and not yes:
                with around.observer.hidden():
                    _confirm(run)
            if ready:
                run.carry_out(DESTROYING)
        return conclude(run.report, as_json=as_json)


def _confirm(run: Delivery) -> None:
    """UserError unless the stack's name is typed."""
    stack, account = run.deployment.stack, run.target.account_id
    held = len(run.deployment.terraform.resource_addresses())
    click.echo(f"{stack} in account {account}, {run.target.region}: {held} resources will be destroyed.")
    typed = click.prompt("Type the name of the stack to go on", default="", show_default=False)
    if typed != stack:
        raise UserError("nothing was destroyed", "the name that was typed", typed or "nothing", stack)
