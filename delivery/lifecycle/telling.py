"""What a plan and a drift are told by: the documents of terraform, read where they belong to the stack as a whole."""

from typing import TYPE_CHECKING

from delivery.aws import clients
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.lifecycle.judging import lost
from delivery.terraform.restored import restore_in_plan

if TYPE_CHECKING:
    from delivery.changes.report import PlanReport


def tell_plan(deployment: Deployment, *, passed: bool, verdict: str) -> "PlanReport":
    """What the plan of the workspace means. passed, verdict: what the gate said of it.

    Arguments that the provider does not know are told as the JSON says them.
    """
    from delivery.changes.report import describe_plan

    shown = restore_in_plan(deployment.terraform.planned_state(), lost(deployment))
    return describe_plan(shown, deployment.stack, passed=passed, verdict=verdict)


def tell_drift(deployment: Deployment) -> Outcome:
    """What differs between state and AWS: the Drift, as data also of the StepFailedError where any of it is illegal."""
    from delivery.drift.drift import classify
    from delivery.drift.report import drift_text, verdict
    from delivery.verify.finding import find_unmanaged

    shown = deployment.terraform.refreshed()
    unmanaged = find_unmanaged(shown["prior_state"], clients(deployment.environment, deployment.region))
    drift = classify(shown, [(each.address, str(each)) for each in unmanaged])
    if drift.exit_code:
        raise StepFailedError(drift_text(drift, deployment.stack).strip(), drift.exit_code, drift)
    return Outcome(verdict(drift), data=drift)
