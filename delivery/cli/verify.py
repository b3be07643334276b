"""`paygate verify`: what AWS has of a stack now, held against its rules."""

import click

from delivery.cli.options import conclude, delivery_options, json_option, observed
from delivery.lifecycle.delivering import DeliveryRequest, delivery
from delivery.lifecycle.sequences import VERIFYING
from delivery.processes.interrupts import cancel_on_signals


@click.command("verify")
@delivery_options
@json_option
def command(request: DeliveryRequest, as_json: bool) -> int:
    """Read a deployed stack anew, add what AWS has in it that Terraform does not know, and judge all of it.

    Nothing is changed, the state included. Exit code 0 when every rule and check passed, 1 when one did not, 2 when the
    stack could not be judged.
    """
    with cancel_on_signals() as cancellation:
        with observed(cancellation, quiet=as_json) as around, delivery(request, around) as run:
            run.carry_out(VERIFYING)
        return conclude(run.report, as_json=as_json)
