"""Repositories that a stack makes must hold their images before the rest of it can run: they are made first.

On AWS a build pipeline pushes between the two; in the sandbox the images are put into the emulator.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from delivery.lifecycle.deployment import Deployment, Outcome, StepFailedError

REPOSITORY = "aws_ecr_repository"
COMES_ALONG = frozenset({REPOSITORY, "aws_kms_key"})  # what a repository needs to stand on
NONE = "none of its own"
Adopt = Callable[[Deployment, Sequence[str]], object]


def create_repositories(
    deployment: Deployment, fill: Callable[[Path], list[Any]], adopt: Adopt = lambda _deployment, _only: None
) -> Outcome:
    """Apply the repositories of the stack alone, then let `fill` put the images of the stack file into them.

    The stack has passed the gate as a whole. adopt: plans to import those that a run that died has made.
    StepFailedError when the plan for the repositories holds anything else.
    """
    named = deployment.terraform.workspace.config().get("resource", {}).get(REPOSITORY, {})
    if not named:
        return Outcome(NONE)
    only = [f"{REPOSITORY}.{name}" for name in named]
    plan = deployment.terraform.plan(only)
    if plan.changes:
        adopt(deployment, only)
    foreign = [entry for entry in plan.changes if entry.address.partition(".")[0] not in COMES_ALONG]
    if foreign:
        listed = [f"  {entry.action} {entry.address}" for entry in foreign]
        raise StepFailedError("\n".join(["the plan of the repositories holds more than repositories:", *listed]))
    if plan.changes:
        deployment.terraform.apply()
    return Outcome(f"{len(named)} repositories, {len(fill(deployment.stack_file))} images")
