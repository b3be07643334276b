"""`paygate drift`: what differs between the state of a stack and AWS, legal and illegal."""

from pathlib import Path

import click

from delivery.cli.markdown import markdown_option, write_markdown
from delivery.cli.options import conclude, delivery_options, json_option, observed
from delivery.lifecycle.delivering import Delivery, DeliveryRequest, delivery
from delivery.lifecycle.sequences import DRIFT, DRIFTING
from delivery.processes.interrupts import cancel_on_signals


@click.command("drift")
@delivery_options
@markdown_option
@json_option
def command(request: DeliveryRequest, markdown: Path | None, as_json: bool) -> int:
    """Compare the state of a stack with what AWS has now, attribute by attribute.

    Legal is what something is there to change: scaling the number of tasks, ECS the weights of a blue/green rule, a
    rotation the versions of a secret. Everything else is illegal, and so is what AWS has in the stack that the state
    does not know. Nothing is changed. Exit code 0 when all drift is legal, 1 when some is not, 2 when it could not be
    read.
    """
    with cancel_on_signals() as cancellation:
        with observed(cancellation, quiet=as_json) as around, delivery(request, around) as run:
            run.carry_out(DRIFTING)
        if markdown:
            write_markdown(markdown, _markdown(run))
        return _conclude(run, as_json=as_json)


def _markdown(run: Delivery) -> str:
    from delivery.drift.report import drift_markdown

    found = run.outcome(DRIFT.name).data
    return (
        drift_markdown(found, run.deployment.stack) if found else f"Drift could not be read: {run.report.exit_code}\n"
    )


def _conclude(run: Delivery, *, as_json: bool) -> int:
    from delivery.drift.report import as_json as drift_as_json
    from delivery.drift.report import drift_text

    found = run.outcome(DRIFT.name).data
    if found and not found.exit_code and not as_json:  # illegal drift is what the step's failure tells
        click.echo()
        click.echo(drift_text(found, run.deployment.stack), nl=False)
    return conclude(run.report, as_json=as_json, drift=drift_as_json(found, run.deployment.stack) if found else None)
