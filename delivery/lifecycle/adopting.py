"""What AWS has by the names of a stack and its state does not know: adopted if it is ours, else refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from delivery.aws import clients
from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError
from delivery.lifecycle.holding import give_back, was_ours
from delivery.lifecycle.steps import apply
from delivery.recovery.adoption import Adoption, adopt, begun_of, end_adoption, find, missing_of


def adopt_left(deployment: Deployment, *, wanted: bool = False) -> Outcome:
    """Plan to import what a run that died has made; the plan of the step before is made anew then.

    Only where the suffix was ours before this run, or when it is `wanted`: under a suffix that is new to us such things
    are somebody else's, or their state is lost, and StepFailedError says so.
    """
    adoption = adopted(deployment, wanted=wanted)
    lines = (
        *(f"  {address} is {id_}" for address, id_ in sorted(adoption.imports.items())),
        *(f"  {address} was begun and is kept" for address in sorted(adoption.kept)),
    )
    return Outcome(f"{len(lines)} adopted" if lines else "nothing was left", lines and ("adopted:", *lines))


def adopted(deployment: Deployment, only: Sequence[str] = (), *, wanted: bool = False) -> Adoption:
    """The same for a plan that is limited to these addresses; the plan file is of that plan when this returns."""
    terraform, aws = deployment.terraform, clients(deployment.environment, deployment.region)
    shown = terraform.planned_state()
    missing, begun = missing_of(shown), begun_of(shown)
    if not missing and not begun:
        return Adoption({})
    if not begun and not (wanted or was_ours(deployment)):
        _refuse_strangers(deployment, find(missing, aws))
        return Adoption({})

    def planned_anew() -> Mapping[str, Any]:
        terraform.plan(only)
        return terraform.planned_state()

    return adopt(terraform.workspace, shown, planned_anew, terraform.untaint, aws)


def apply_and_end_adoption(deployment: Deployment) -> Outcome:
    """Exactly the plan file of the step before; what it imported is not asked for again."""
    outcome = apply(deployment)
    end_adoption(deployment.terraform.workspace)
    return outcome


def _refuse_strangers(deployment: Deployment, found: Mapping[str, str]) -> None:
    if not found:
        return
    give_back(deployment)  # else the next run would take them for ours
    listed = [f"  {address}: {id_}" for address, id_ in sorted(found.items())]
    raise StepFailedError(
        "\n".join(
            [
                f"AWS has {len(found)} things with the names of {deployment.stack}, and the state knows none of them:",
                *listed,
                f"Somebody else uses the suffix {deployment.suffix}, or the state is lost. Choose another suffix; if "
                "they are yours, give --adopt",
            ]
        )
    )
