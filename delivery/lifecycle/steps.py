"""The steps of a delivery that terraform does. What a target adds (seeding, checks, a gate) is put between them."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, Step, StepFailedError
from delivery.lifecycle.judging import check_live, gate, gate_plan, gate_state
from delivery.lifecycle.repositories import create_repositories
from delivery.terraform.changes import explain_changes
from delivery.terraform.mirrors import PLUGIN_DIR_VARIABLE, requirements
from delivery.terraform.prune import prune
from delivery.terraform.runner import TerraformError
from delivery.terraform.schemas import load_schemas
from delivery.terraform.workspace import prepare_workspace


def initialize(deployment: Deployment, cache_folder: Path) -> Outcome:
    """Workspace, providers, pruning by their schemas, validation. The lines name every argument that was dropped."""
    terraform = deployment.terraform
    workspace = prepare_workspace(deployment.stack_file, terraform.workspace.folder, deployment.choices)
    wanted = requirements(workspace.config())
    served = {choice.requirement for choice in deployment.choices}
    missing = [requirement for requirement in wanted if requirement not in served]
    try:
        # With mirror folders terraform looks nowhere else, so they are named only when they hold everything.
        terraform.init([] if missing else list(dict.fromkeys(choice.folder for choice in deployment.choices)))
    except TerraformError as error:
        if not missing:
            raise
        names = ", ".join(f"{requirement.source} {requirement.constraint}".strip() for requirement in missing)
        raise UserError(
            f"a provider can be found nowhere: {names}",
            found="no mirror folder that holds it, and no answer from its registry",
            mend=f"Name a mirror folder with --plugin-dir or {PLUGIN_DIR_VARIABLE}",
        ) from error
    selections = terraform.provider_selections()
    config, dropped = prune(
        workspace.config(), load_schemas(selections, cache_folder / "schemas", terraform.provider_schemas)
    )
    if dropped:
        workspace.replace_config(config)
    terraform.validate()
    versions = ", ".join(f"{source.rsplit('/', 1)[-1]} {version}" for source, version in selections.items())
    return Outcome(
        f"provider {versions}" if versions else "no provider",
        ("arguments dropped:" + ("" if dropped else " none"), *(f"  {entry}" for entry in dropped)),
    )


def plan(deployment: Deployment) -> Outcome:
    """The plan that `apply` carries out."""
    return Outcome(f"{len(deployment.terraform.plan().changes)} changes")


def apply(deployment: Deployment) -> Outcome:
    """Exactly the plan file of the step before."""
    deployment.terraform.apply()
    return Outcome(f"{len(deployment.terraform.resource_addresses())} resources")


def plan_again(deployment: Deployment) -> Outcome:
    """A second plan has nothing to do: what was applied is what was asked for."""
    if deployment.terraform.plan().has_changes:
        listed = [f"  {line}" for line in explain_changes(deployment.terraform.planned_state())]
        raise StepFailedError("\n".join(["the second plan is not empty:", *listed]))
    return Outcome("empty")


def destroy(deployment: Deployment) -> Outcome:
    """Everything in the state, which has to be empty afterwards."""
    before = deployment.terraform.resource_addresses() if deployment.terraform.workspace.initialized else []
    if not before:
        return Outcome("nothing to destroy")
    deployment.terraform.destroy()
    left = deployment.terraform.resource_addresses()
    if left:
        raise StepFailedError("\n".join(["still in the state after destroy:", *(f"  {address}" for address in left)]))
    return Outcome(f"{len(before)} resources")


ROTATION = "aws_secretsmanager_secret_rotation"


def rotate(deployment: Deployment) -> Outcome:
    """Every secret once; imported late, because most stacks have none and boto3 costs a second."""
    if ROTATION not in deployment.terraform.workspace.config().get("resource", {}):
        return Outcome("no secrets")
    from delivery.lifecycle.rotating import rotate_secrets

    return rotate_secrets(deployment)


def scan(deployment: Deployment) -> Outcome:
    """The scans of the images about to run; imported late like the rotation."""
    from delivery.lifecycle.scanning import scan_images

    return scan_images(deployment)


DESTROY = Step("destroy", destroy, cleans_up=True)
SEED = "seed"


def sandbox_steps(
    cache_folder: Path, seed: Callable[[Path], list[Any]], fill: Callable[[Path], list[Any]], *, keep: bool
) -> tuple[Step, ...]:
    """The life of one platform in the sandbox, without its end where it is kept.

    `seed` gets the stack file; what it put into the target is the data of the outcome. `fill` gets it when the stack's
    own repositories stand, and puts the images into them.
    """
    steps = (
        Step("gate", gate),
        Step("init", partial(initialize, cache_folder=cache_folder)),
        Step(SEED, partial(_seed, seed=seed)),
        Step("repositories", partial(create_repositories, fill=fill)),
        Step("plan", plan),
        Step("gate of the plan", gate_plan),
        Step("image scan", scan),
        Step("apply", apply),
        Step("gate of the state", gate_state),
        Step("second plan", plan_again),
        Step("checks", check_live),
        Step("rotation", rotate),
        DESTROY,
    )
    return tuple(step for step in steps if not (keep and step.cleans_up))


def _seed(deployment: Deployment, seed: Callable[[Path], list[Any]]) -> Outcome:
    seeded = seed(deployment.stack_file)
    return Outcome(f"{len(seeded)} prerequisites", data=seeded)


def region_of(config: Mapping[str, Any], otherwise: str = "us-east-1") -> str:
    """The region of the stack's AWS provider; a stack without one is nowhere, and `otherwise` serves as well as any."""
    providers = (config.get("provider") or {}).get("aws") or []
    blocks = providers if isinstance(providers, list) else [providers]
    return next((str(block["region"]) for block in blocks if block.get("region")), otherwise)
