"""Which steps each command of a delivery carries out, in order."""

from functools import partial

from delivery.lifecycle.deployment import Deployment, Step
from delivery.lifecycle.emulated import supplies_for
from delivery.lifecycle.judging import gate, gate_plan, verify
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.lifecycle.steps import APPLYING_STEPS, destroy, initialize, plan, preparing_steps, supplying
from delivery.lifecycle.telling import tell_drift

INIT = Step("init", partial(initialize, cache_folder=CACHE_FOLDER))
GATE_OF_PLAN = Step("gate of the plan", gate_plan)
VERIFYING = (INIT, Step("verify", verify))
OPENING = (INIT,)
DRIFT = Step("drift", tell_drift)
DRIFTING = (INIT, DRIFT)
DESTROYING = (Step("destroy", partial(destroy, refresh=True)),)
APPLYING = APPLYING_STEPS


def preparing(deployment: Deployment) -> tuple[Step, ...]:
    """Up to a plan that may be applied."""
    return preparing_steps(CACHE_FOLDER, supplies_for(deployment.environment))


def planning(deployment: Deployment) -> tuple[Step, ...]:
    """Up to a plan that is judged, and nothing is made on the way."""
    return (
        Step("gate", gate),
        *supplying(supplies_for(deployment.environment)),
        INIT,
        Step("plan", plan),
        GATE_OF_PLAN,
    )
