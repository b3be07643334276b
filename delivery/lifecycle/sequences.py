"""Which steps each command of a delivery carries out, in order."""

from functools import partial

from delivery.lifecycle.deployment import Deployment, Step
from delivery.lifecycle.emulated import supplies_for
from delivery.lifecycle.judging import gate, gate_plan, verify
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.lifecycle.steps import APPLYING_STEPS, destroy, initialize, plan, preparing_steps

INIT = Step("init", partial(initialize, cache_folder=CACHE_FOLDER))
PLANNING = (Step("gate", gate), INIT, Step("plan", plan), Step("gate of the plan", gate_plan))
VERIFYING = (INIT, Step("verify", verify))
OPENING = (INIT,)
DESTROYING = (Step("destroy", partial(destroy, refresh=True)),)
APPLYING = APPLYING_STEPS


def preparing(deployment: Deployment) -> tuple[Step, ...]:
    """Up to a plan that may be applied."""
    return preparing_steps(CACHE_FOLDER, supplies_for(deployment.environment))
