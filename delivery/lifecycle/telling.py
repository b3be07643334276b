"""What a plan and a drift are told by: the documents of terraform, read where they belong to the stack as a whole."""

from typing import TYPE_CHECKING

from delivery.aws import clients
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.lifecycle.judging import lost
from delivery.terraform.restored import restore_in_plan

if TYPE_CHECKING:
    from delivery.changes.report import PlanReport
    from policies.graph.ranges import Ranges


def tell_plan(deployment: Deployment, *, passed: bool, verdict: str) -> "PlanReport":
    """What the plan of the workspace means. passed, verdict: what the gate said of it.

    Arguments that the provider does not know are told as the JSON says them.
    """
    from delivery.changes.report import describe_plan

    shown = restore_in_plan(deployment.terraform.planned_state(), lost(deployment))
    return describe_plan(shown, deployment.stack, passed=passed, verdict=verdict, known=_databases(deployment.platform))


def _databases(platform: str) -> "dict[str, Ranges]":
    """The ranges that the platform's spec knows by what is in them."""
    from policies.errors import GateError
    from policies.graph.addresses import cidr
    from policies.spec import load_spec

    try:
        spec = load_spec(platform)
    except GateError:
        return {}  # the gate of the plan has said so
    stated = spec.states("secrets") and spec.get("secrets").get("databases")
    return {"the databases": cidr(stated["cidr"])} if stated else {}


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
