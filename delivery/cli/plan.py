"""`paygate plan`: what a deployment would do, judged and told."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from delivery.cli.markdown import failures_markdown, markdown_option, write_markdown
from delivery.cli.options import conclude, delivery_options, json_option, observed
from delivery.lifecycle.delivering import Delivery, DeliveryRequest, delivery
from delivery.lifecycle.deployment import Status
from delivery.lifecycle.sequences import GATE_OF_PLAN, planning
from delivery.lifecycle.telling import tell_plan
from delivery.processes.interrupts import cancel_on_signals

if TYPE_CHECKING:
    from delivery.changes.report import PlanReport


@click.command("plan")
@delivery_options
@markdown_option
@json_option
def command(request: DeliveryRequest, markdown: Path | None, as_json: bool) -> int:
    """Plan a stack against what AWS has of it now, judge the plan, and tell what it means.

    Told are the resources it adds, changes, replaces and destroys, what each role may do then that it may not do now,
    and who can reach whom. Nothing is changed. Exit code 0 when the gate passed, 1 when it did not, 2 when there is no
    plan.
    """
    with cancel_on_signals() as cancellation:
        with observed(cancellation, quiet=as_json) as around, delivery(request, around) as run:
            run.carry_out(planning(run.deployment))
            report = described(run)
        if markdown:
            write_markdown(markdown, _markdown(report, run))
        return _conclude(report, run, as_json=as_json)


def described(run: Delivery) -> "PlanReport | None":
    """What the plan means; None where none was made."""
    gate = run.result(GATE_OF_PLAN.name)
    if gate is None or gate.status is Status.SKIPPED:
        return None
    passed = gate.status is Status.PASSED
    verdict = gate.outcome.note if passed else gate.error.splitlines()[-1]
    return tell_plan(run.deployment, passed=passed, verdict=verdict)


def _markdown(report: "PlanReport | None", run: Delivery) -> str:
    from delivery.changes.markdown import plan_markdown

    return plan_markdown(report) if report else failures_markdown(run, "plan", "Plan")


def _conclude(report: "PlanReport | None", run: Delivery, *, as_json: bool) -> int:
    from delivery.changes.report import as_json as plan_as_json
    from delivery.changes.text import plan_text

    if report and not as_json:
        click.echo()
        click.echo(plan_text(report), nl=False)
    return conclude(run.report, as_json=as_json, plan=plan_as_json(report) if report else None)
