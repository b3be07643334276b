"""The bootstrap of an account: its state starts in a file of this machine and moves into the bucket that it makes.

Interrupted anywhere, the next run goes on from what it finds (`bootstrap_state`). The file is removed only when what it
holds is in the bucket.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from delivery.lifecycle.bootstrap_state import STACK, LocalState, file_of, find_state
from delivery.lifecycle.delivering import Delivery, in_run_folder
from delivery.lifecycle.deployment import Deployment, Outcome, Step, StepFailedError
from delivery.lifecycle.holding import break_any_lock, settle_state
from delivery.lifecycle.judging import gate, gate_account, gate_plan
from delivery.lifecycle.opening import Source, find_tools
from delivery.lifecycle.pipeline import Surroundings
from delivery.lifecycle.runs import CACHE_FOLDER
from delivery.lifecycle.steps import apply, initialize, plan
from delivery.state.unwritten import push_unwritten
from delivery.synthesis import synthesize_bootstrap
from delivery.terraform.mirrors import plugin_folders, requirements

SHOW = "terraform state pull, with the backend of paygate bootstrap"


@dataclass(frozen=True)
class BootstrapRequest:
    """step_seconds bounds each plan and apply."""

    settings_file: Path
    plugin_folder: Path | None = None
    step_seconds: float = 1200.0


@contextmanager
def bootstrapping(request: BootstrapRequest, around: Surroundings) -> Iterator[Delivery]:
    """An opened bootstrap; its steps are `PREPARING`, then `FINISHING`. UserError before anything is touched."""
    tools = find_tools(request.plugin_folder, request.step_seconds, around)
    with in_run_folder(STACK, tools, around, partial(_synthesized, request, around=around), find_state) as opened:
        yield opened


def _synthesized(request: BootstrapRequest, out: Path, around: Surroundings) -> Outcome:
    made = synthesize_bootstrap(
        request.settings_file, out=out, environment=around.environment, cancellation=around.cancellation
    )
    return Outcome(made.stack, data=Source(STACK, request.settings_file, "", made))


def go_on(deployment: Deployment) -> Outcome:
    """With the state in the bucket: what runs left in files, stopped while it moved or was written, goes there, too.

    A lock that a dead run of this machine has left is broken; any other is not waited for: one person does this once.
    """
    if isinstance(deployment.state, LocalState) or deployment.state is None:
        return Outcome("; ".join(_keep_what_was_begun(deployment)) or "the state is still in a file")
    settled = settle_state(deployment, wait_seconds=0.0, push=True)
    file = file_of(deployment.state.bucket)
    terraform = deployment.terraform
    moved = [push_unwritten(file, terraform.pull_state, terraform.push_state, SHOW)] if file.is_file() else []
    shutil.rmtree(file.parent, ignore_errors=True)
    return Outcome("; ".join((settled.note, *moved, *_keep_what_was_begun(deployment))), settled.lines)


def _keep_what_was_begun(deployment: Deployment) -> list[str]:
    """A key or bucket whose creation was broken off is kept: Terraform would replace it, which prevent_destroy refuses.

    What is not yet as the stack wants it, the plan that follows mends.
    """
    terraform = deployment.terraform
    stack = terraform.workspace.config()["resource"]
    begun = [
        (entry["type"], entry["name"])
        for entry in terraform.pull_state().get("resources", [])
        if any(instance.get("status") == "tainted" for instance in entry["instances"])
    ]
    kept = [f"{kind}.{name}" for kind, name in begun if (stack.get(kind, {}).get(name) or {}).get("lifecycle")]
    for address in kept:
        terraform.untaint(address)
    return [f"{address} was begun and is kept" for address in kept]


def move(deployment: Deployment) -> Outcome:
    """The state into the bucket that it describes; the file is removed when the bucket holds all of it."""
    state = deployment.state
    if not isinstance(state, LocalState):
        return Outcome("is there already")
    before = deployment.terraform.resource_addresses()
    workspace = deployment.terraform.workspace
    workspace.use_backend(deployment.choices, state.moved.backend)
    deployment.terraform.init(plugin_folders(requirements(workspace.config()), deployment.choices), move_state=True)
    after = deployment.terraform.resource_addresses()
    if not before or sorted(before) != sorted(after):
        raise StepFailedError(f"the state did not move: {len(before)} resources before, {len(after)} in the bucket")
    shutil.rmtree(state.file.parent)
    return Outcome(f"s3://{state.bucket}/{state.key}")


PREPARING = (
    Step("gate", gate),
    Step("init", partial(initialize, cache_folder=CACHE_FOLDER)),
    Step("go on", go_on),
    Step("plan", plan),
    Step("gate of the plan", gate_plan),
)
BREAKING = (Step("lock", break_any_lock),)
FINISHING = (Step("apply", apply), Step("gate of the account", gate_account), Step("move the state", move))
