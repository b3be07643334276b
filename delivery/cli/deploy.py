"""`paygate deploy`: settings to a verified deployment."""

import sys

import click

from delivery.cli.options import conclude, delivery_options, json_option, observed, take_over_option
from delivery.cli.plan import described
from delivery.errors import UserError
from delivery.lifecycle.delivering import Delivery, DeliveryRequest, delivery
from delivery.lifecycle.sequences import APPLYING, preparing
from delivery.processes.interrupts import cancel_on_signals


@click.command("deploy")
@delivery_options
@click.option("--yes", is_flag=True, help="Apply without asking.")
@take_over_option
@click.option("--adopt", is_flag=True, help="Import what AWS has by the names of this stack and no state knows.")
@json_option
def command(request: DeliveryRequest, yes: bool, take_over: bool, adopt: bool, as_json: bool) -> int:
    """Judge a stack, plan it, judge the plan and its images, apply exactly that plan, and verify what AWS has then.

    Repositories of the stack's own are made before the plan, so that images can be pushed and scanned. Exit code 0 when
    it is deployed and verified, 1 when a rule, a scan, terraform or AWS says no, 2 when it could not be tried.
    """
    if not yes and not sys.stdin.isatty():
        raise UserError("nobody is there to be asked", "paygate deploy", mend="Say --yes to apply without asking")
    with cancel_on_signals() as cancellation:
        with observed(cancellation, quiet=as_json) as around, delivery(request, around) as run:
            ready = run.carry_out(preparing(request, run.deployment, taking_over=take_over, adopting=adopt))
            if ready and not yes and run.outcome("plan").data.has_changes:
                with around.observer.hidden():
                    ready = _agreed(run)
            if ready:
                run.carry_out(APPLYING)
        return conclude(run.report, as_json=as_json)


def _agreed(run: Delivery) -> bool:
    from delivery.changes.text import plan_text

    report = described(run)
    if report:
        click.echo(plan_text(report), nl=False)
    return click.confirm(f"Apply {run.outcome('plan').note} to {run.deployment.stack}?")
