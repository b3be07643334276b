"""Which steps each command of a delivery carries out, in order."""

from functools import partial

from delivery.lifecycle.adopting import adopt_left, adopted, apply_and_end_adoption
from delivery.lifecycle.delivering import DeliveryRequest
from delivery.lifecycle.deployment import Deployment, Step
from delivery.lifecycle.emulated import supplies_for
from delivery.lifecycle.holding import claim_suffix, release_suffix, settle_state
from delivery.lifecycle.judging import gate, gate_plan, verify
from delivery.lifecycle.leaving import find_left
from delivery.lifecycle.repositories import create_repositories
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.lifecycle.steps import destroy, filling, initialize, plan, scan, supplying
from delivery.lifecycle.telling import tell_drift

GATE = Step("gate", gate)
INIT = Step("init", partial(initialize, cache_folder=CACHE_FOLDER))
PLAN = Step("plan", plan)
GATE_OF_PLAN = Step("gate of the plan", gate_plan)
VERIFY = Step("verify", verify)
DRIFT = Step("drift", tell_drift)
APPLYING = (Step("apply", apply_and_end_adoption), VERIFY)
DESTROYING = (
    Step("destroy", partial(destroy, refresh=True)),
    Step("release", release_suffix),
    Step("leftovers", find_left),
)


def planning(request: DeliveryRequest, deployment: Deployment) -> tuple[Step, ...]:
    """Up to a plan that is judged, and nothing is made on the way."""
    supplies = supplying(supplies_for(deployment.environment))
    return (GATE, *supplies, INIT, _settle(request, push=False), PLAN, GATE_OF_PLAN)


def preparing(
    request: DeliveryRequest, deployment: Deployment, *, taking_over: bool = False, adopting: bool = False
) -> tuple[Step, ...]:
    """Up to a plan that may be applied."""
    supplies = supplies_for(deployment.environment)
    repositories = partial(create_repositories, fill=filling(supplies), adopt=partial(adopted, wanted=adopting))
    return (
        GATE,
        _claim(taking_over),
        *supplying(supplies),
        INIT,
        _settle(request, push=True),
        Step("repositories", repositories),
        PLAN,
        Step("adoption", partial(adopt_left, wanted=adopting)),
        GATE_OF_PLAN,
        Step("image scan", scan),
    )


def looking(request: DeliveryRequest, step: Step) -> tuple[Step, ...]:
    """What only reads: `VERIFY`, `DRIFT`."""
    return (INIT, _settle(request, push=False), step)


def opening(request: DeliveryRequest, *, taking_over: bool = False) -> tuple[Step, ...]:
    """Up to a state that may be destroyed."""
    return (_claim(taking_over), INIT, _settle(request, push=True))


def _claim(taking_over: bool) -> Step:
    return Step("claim", partial(claim_suffix, taking_over=taking_over))


def _settle(request: DeliveryRequest, *, push: bool) -> Step:
    return Step("state", partial(settle_state, wait_seconds=request.lock_seconds, push=push))
