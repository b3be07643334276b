"""The steps of a delivery that terraform does. What a target adds (seeding, checks, a gate) is put between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from delivery.errors import UserError
from delivery.lifecycle.deployment import Deployment, Outcome, Step, StepFailedError
from delivery.lifecycle.judging import gate, gate_plan, verify
from delivery.lifecycle.repositories import create_repositories
from delivery.terraform.changes import explain_changes
from delivery.terraform.mirrors import PLUGIN_DIR_VARIABLE, plugin_folders, requirements, unserved
from delivery.terraform.prune import prune
from delivery.terraform.runner import Terraform, TerraformError
from delivery.terraform.schemas import load_schemas
from delivery.terraform.workspace import LOCAL_BACKEND, prepare_workspace


def initialize(deployment: Deployment, cache_folder: Path) -> Outcome:
    """Workspace and providers. Only for an emulator, arguments that the provider at hand does not know are
    dropped; the lines name every one.
    """
    terraform = deployment.terraform
    backend = deployment.state.backend if deployment.state else LOCAL_BACKEND
    workspace = prepare_workspace(deployment.stack_file, terraform.workspace.folder, deployment.choices, backend)
    wanted = requirements(workspace.config())
    try:
        terraform.init(plugin_folders(wanted, deployment.choices))
    except TerraformError as error:
        missing = unserved(wanted, deployment.choices)
        if not missing:
            raise
        names = ", ".join(f"{requirement.source} {requirement.constraint}".strip() for requirement in missing)
        raise UserError(
            f"a provider can be found nowhere: {names}",
            found="no mirror folder that holds it, and no answer from its registry",
            mend=f"Name a mirror folder with --plugin-dir or {PLUGIN_DIR_VARIABLE}",
        ) from error
    selections = terraform.provider_selections()
    lines = _drop_unknown_arguments(terraform, selections, cache_folder) if deployment.emulated else ()
    versions = ", ".join(f"{source.rsplit('/', 1)[-1]} {version}" for source, version in selections.items())
    return Outcome(f"provider {versions}" if versions else "no provider", lines)


def _drop_unknown_arguments(terraform: Terraform, selections: Mapping[str, str], cache_folder: Path) -> tuple[str, ...]:
    """Replace the workspace's configuration by what these providers know of it; says what that took out."""
    schemas = load_schemas(selections, cache_folder / "schemas", terraform.provider_schemas)
    config, dropped = prune(terraform.workspace.config(), schemas)
    if dropped:
        terraform.workspace.replace_config(config)
    return ("arguments dropped:" + ("" if dropped else " none"), *(f"  {entry}" for entry in dropped))


def plan(deployment: Deployment) -> Outcome:
    """The plan that `apply` carries out, which is the data of the outcome, too."""
    planned = deployment.terraform.plan()
    return Outcome(f"{len(planned.changes)} changes", data=planned)


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


def destroy(deployment: Deployment, *, refresh: bool = False) -> Outcome:
    """Everything in the state, which has to be empty afterwards; refresh: look first what of it is still there."""
    before = deployment.terraform.resource_addresses() if deployment.terraform.workspace.initialized else []
    if not before:
        return Outcome("nothing to destroy")
    deployment.terraform.destroy(refresh=refresh)
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


@dataclass(frozen=True)
class Supplies:
    """What an emulator needs that an account has: each gets the stack file and returns what it put into the emulator.

    seed: prerequisites of the stack, before anything else. fill: images, when the stack's own repositories stand.
    """

    seed: Callable[[Path], list[Any]]
    fill: Callable[[Path], list[Any]]


SEED = "seed"
DESTROY = Step("destroy", destroy, cleans_up=True)


def supplying(supplies: Supplies | None) -> tuple[Step, ...]:
    """What comes before everything else where the target is an emulator."""
    return (Step(SEED, partial(_seed, seed=supplies.seed)),) if supplies else ()


def filling(supplies: Supplies | None) -> Callable[[Path], list[Any]]:
    """On AWS there are no supplies: a pipeline pushes images, and the scan says which are missing."""
    return supplies.fill if supplies else _nothing


def sandbox_steps(cache_folder: Path, supplies: Supplies, *, keep: bool) -> tuple[Step, ...]:
    """The life of one platform in the sandbox, without its end where it is kept."""
    steps = (
        Step("gate", gate),
        *supplying(supplies),
        Step("init", partial(initialize, cache_folder=cache_folder)),
        Step("repositories", partial(create_repositories, fill=filling(supplies))),
        Step("plan", plan),
        Step("gate of the plan", gate_plan),
        Step("image scan", scan),
        Step("apply", apply),
        Step("verify", verify),
        Step("second plan", plan_again),
        Step("rotation", rotate),
        DESTROY,
    )
    return tuple(step for step in steps if not (keep and step.cleans_up))


def _nothing(_stack_file: Path) -> list[Any]:
    return []


def _seed(deployment: Deployment, seed: Callable[[Path], list[Any]]) -> Outcome:
    seeded = seed(deployment.stack_file)
    return Outcome(f"{len(seeded)} prerequisites", data=seeded)
